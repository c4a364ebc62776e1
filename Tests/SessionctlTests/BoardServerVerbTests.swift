import SessionCodec
import Testing

/// The commands of board against the server itself.
@Suite struct BoardServerVerbTests {
    private func run(_ body: String, options: String = "--dev") -> SpawnedProgram {
        ClientScript.run(
            "export SESSIONCTL_URL=$url\n" + body, profile: "board",
            options: options + " --data-dir \"$work/data\" --admin-socket \"$work/admin.sock\"")
    }

    @Test func `what is drawn, moved and taken away is seen by who watches`() throws {
        let run = run(
            #"""
            "$sessionctl" board watch --room r --user ann --expect-json '{"del":[]}' --expect-json '{"leave":["bob"]}' \
                --for 20s -N 7 >seen 2>watch & watch=$!
            for i in $(seq 400); do grep -q ^watching watch && break; sleep 0.05; done
            shape=$("$sessionctl" board draw rectangle 1 2 --width 30 --height 8 --text Hi --room r --user bob)
            "$sessionctl" board move "$shape" -5 6.5 --no-text --fill red --rotation -90 --room r --user bob
            "$sessionctl" board delete "$shape" nothing --room r --user bob; echo $?
            wait "$watch"; echo "watch $?"; cat seen
            """#)
        let lines = run.output.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.hasPrefix("watch ") }, "\(run.output) \(run.errors)")
        #expect(lines[start] == "watch 0", "\(run.output) \(run.errors)")
        let messages = try lines[(start + 1)...].map { try JSONValue.parse($0) }
        let puts = messages.compactMap { $0["put"]?.elements?.first }
        #expect(puts.first?["type"] == "rectangle" && puts.first?["text"] == "Hi" && puts.first?["userId"] == "bob")
        #expect(lines.contains { $0.hasPrefix("changed ") } && lines.contains { $0.hasPrefix("deleted ") })
        #expect(lines.contains { $0.hasPrefix("error SHAPE_NOT_FOUND for nothing") } && lines.contains("1"))
    }

    @Test func `a board is copied with all its looks, and its picture drawn`() {
        let run = run(
            #"""
            me="--user ann"
            "$sessionctl" board draw rectangle 0 0 --width 30 --height 9 --text 'Ünï"code' --fill '#3b82f6' --room a $me >ids
            "$sessionctl" board draw ellipse 40 0 --width 20 --height 9 --stroke red --rotation 45 --room a $me >>ids
            "$sessionctl" board export --room a $me | "$sessionctl" board import - --room b $me --wait-stored
            for room in a b; do
                "$sessionctl" board export --room $room $me | sed 's/"id":"[^"]*"//; s/"timestamp":"[^"]*"//; 1d' >$room
            done
            cmp a b && wc -l <a
            "$sessionctl" board export --room b $me --format svg | grep -c '<ellipse'
            "$sessionctl" board watch --room b $me --view list | wc -l
            """#)
        #expect(run.output == "imported 2 shapes\n3\n1\n3\n", "\(run.output) \(run.errors)")
    }

    @Test func `many shapes are imported at the rate that the server takes`() {
        let run = run(
            #"""
            for i in $(seq 120); do echo "{\"type\":\"text\",\"x\":$i,\"y\":2},"; done | sed '1s/^/[/; $s/,$/]/' >many
            "$sessionctl" board import many --room a --user u
            "$sessionctl" board export --room a --user u | grep -c '"type":"text"'
            "$sessionctl" board export --room a --user u | grep -o '"x":[0-9]*' | cut -d: -f2 | sort -nc && echo sorted
            """#)
        #expect(run.output == "imported 120 shapes\n120\nsorted\n", "\(run.output) \(run.errors)")
    }

    @Test func `a token names user and room, and a viewer may look but not draw`() {
        let run = run(
            #"""
            token() { "$sessionctl" token issue --data-dir "$work/data" "$@"; }
            token --user ann --room r1 >ann; token --user eve --room r1 --role viewer >eve
            "$sessionctl" board draw text 1 2 --text hi --token-file ann | wc -c
            "$sessionctl" board watch --once --token-file eve -q | grep -o '"room":"r1".*"you":"eve"' | cut -c1-11
            "$sessionctl" board draw text 1 2 --token-file eve; echo $?
            "$sessionctl" board draw text 1 2 --token nonsense; echo $?
            "$sessionctl" board draw text 1 2 --token "$(cat ann)" --query-token -q | wc -c
            """#, options: "")
        #expect(run.output == "13\n\"room\":\"r1\"\n77\n77\n13\n", "\(run.output) \(run.errors)")
    }

    @Test func `rooms are listed, and stored when that is asked for`() {
        let run = run(
            #"""
            "$sessionctl" board watch --room 'a/b' --user ann --for 20s >seen 2>watch & watch=$!
            for i in $(seq 400); do grep -q ^watching watch && break; sleep 0.05; done
            "$sessionctl" board draw text 1 2 --room 'a/b' --user bob --wait-stored | tail -n 1 | cut -d, -f1
            admin="--url unix:$work/admin.sock"
            "$sessionctl" board list $admin --columns room,shapes,connections
            "$sessionctl" board flush 'a/b' $admin >flushed; echo $?
            "$sessionctl" board flush nothing $admin >flushed 2>error; echo $?
            kill "$watch"; wait "$watch"
            """#)
        #expect(run.output == "stored\na/b\t1\t1\n0\n1\n", "\(run.output) \(run.errors)")
    }

    @Test func `a watch that comes back is told what it missed`() {
        let run = run(
            #"""
            # Somebody stays, so that the room does.
            "$sessionctl" board watch --room r --user eve --for 20s >stays 2>eve & eve=$!
            "$sessionctl" board draw text 0 0 --room r --user bob >ids
            "$sessionctl" board watch --room r --user ann --reconnect -N 60 --for 20s >seen 2>watch & watch=$!
            for i in $(seq 400); do grep -q ^watching watch && break; sleep 0.05; done
            id=$("$sessionctl" admin connections --url unix:$work/admin.sock --where 'user = ann' --columns id | tail -n 1)
            "$sessionctl" admin kick "$id" --code 4513 --yes --url unix:$work/admin.sock >kicked
            "$sessionctl" board draw text 7 7 --room r --user bob >>ids
            for i in $(seq 400); do grep -q '"x":7' seen && break; sleep 0.05; done
            kill "$watch" "$eve"; wait "$watch" "$eve"
            grep -c '"type":"snapshot"' seen; grep -c '"x":7' seen; grep -c '"event":"gap"' seen; grep -c '^watching again' watch
            """#)
        #expect(run.output == "1\n1\n0\n1\n", "\(run.output) \(run.errors)")
    }
}
