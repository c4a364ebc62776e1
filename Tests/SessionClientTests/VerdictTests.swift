import SessionClient
import SessionCodec
import Testing

@Suite struct VerdictTests {
    /// PROTOCOLS §1.10, "Exit statuses of every command".
    @Test(
        arguments: [
            (1000, 0), (1005, 0), (1001, 69), (1006, 69), (1011, 69), (1002, 76), (1007, 76), (1009, 76), (1003, 1),
            (1008, 77), (1012, 75), (1013, 75), (4400, 1), (4401, 77), (4403, 77), (4404, 1), (4405, 1), (4408, 75),
            (4409, 1), (4410, 1), (4429, 75), (4440, 1), (4441, 1), (4500, 69), (4503, 75), (4508, 69), (4511, 69),
            (4512, 69), (4513, 69), (4529, 75), (4541, 69), (3000, 1), (4000, 1), (4999, 1),
        ] as [(UInt16, Int32)])
    func `a close code becomes an exit status`(code: UInt16, status: Int32) {
        #expect(Verdict(CloseCode(rawValue: code)).rawValue == status)
    }

    @Test(
        arguments: [(401, 77), (403, 77), (429, 75), (503, 75), (404, 76), (200, 76), (500, 76), (426, 76)]
            as [(Int, Int32)])
    func `an HTTP answer becomes an exit status`(answer: Int, status: Int32) {
        #expect(Verdict(httpStatus: answer).rawValue == status)
    }
}
