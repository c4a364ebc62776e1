import SessionTerminal
import Testing

/// Boxes that are turned around their middle.
@Suite struct PlaneBoxTests {
    @Test func `a box that is turned by a right angle is upright again, with its sides exchanged`() {
        let box = PlaneBox(x: 0, y: 0, width: 40, height: 20, degrees: 90)
        #expect(box.isUpright)
        #expect(box.area.least == PlanePoint(10, -10) && box.area.most == PlanePoint(30, 30))
        #expect(box.point(across: 0, down: 0) == PlanePoint(30, -10))
        #expect(!PlaneBox(x: 0, y: 0, width: 40, height: 20, degrees: 45).isUpright)
        #expect(PlaneBox(x: 0, y: 0, width: 40, height: 20, degrees: -90).isUpright)
    }

    @Test(arguments: [0.0, 30, 90, 200, 333])
    func `a point's place in a box leads back to the point`(degrees: Double) throws {
        let box = PlaneBox(x: 5, y: 7, width: 40, height: 20, degrees: degrees)
        let place = try #require(box.place(of: box.point(across: 0.25, down: 0.75)))
        #expect(abs(place.across - 0.25) < 1e-9 && abs(place.down - 0.75) < 1e-9)
        #expect(PlaneBox(x: 5, y: 7, width: 0, height: 20, degrees: degrees).place(of: PlanePoint(5, 7)) == nil)
    }

    @Test func `an ellipse touches the middle of each side`() {
        let points = PlaneBox(x: 0, y: 0, width: 40, height: 20, degrees: 0).ellipse(count: 4)
        for (point, expected) in zip(points, [(40.0, 10.0), (20, 20), (0, 10), (20, 0)]) {
            #expect(abs(point.x - expected.0) < 1e-9 && abs(point.y - expected.1) < 1e-9)
        }
    }
}
