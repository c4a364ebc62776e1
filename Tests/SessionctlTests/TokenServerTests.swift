import Testing

/// Tokens from the first start of a server to its restart, as a person meets them (PROTOCOLS §1.5, 1-6, C17).
@Suite struct TokenServerTests {
    /// Helpers: `ask METHOD PATH [CURL OPTIONS…]` prints the status; `as TOKEN` is the option that shows one.
    private static let helpers = """
        ask() { curl -s -o "$dir/body" -w '%{http_code}\\n' -X "$1" "http://$address$2" "${@:3}"; }
        code() { echo "$(sed -n 's/.*"error":"\\([A-Z_]*\\)".*/\\1/p' "$dir/body")"; }
        as() { echo "Authorization: Bearer $1"; }
        start() { rm -f "$dir/out"; serve --listen sync=127.0.0.1:${1:-0} --lb-wait 0 --drain-duration 0 "${@:2}"; }
        keys=$2/Tests/Fixtures/keys
        unset JWT_SECRET JWT_REFRESH_SECRET
        session=7a3f1e2d-1111-4222-8333-444455556666
        """ + "\n"

    private func run(_ script: String) -> SpawnedProgram { ServerScript.run(Self.helpers + script) }

    @Test func `a first start needs no configuration and is safe`() {
        let run = run(
            """
            start
            grep -c 'drew secrets for tokens' "$dir/err"
            stat -c %a "$dir/sessionctl/secrets"
            token=$("$bin" token issue --user u1 --device d1)
            ask GET /session/$session; code
            ask GET /session/$session -H "$(as nonsense)"; code
            ask GET "/session/$session?token=$token"; code
            ask GET /session/$session -H "$(as "$token")"; code
            ask GET /session/$session -H "Cookie: access_token=$token"; code
            ask GET /session/$session -H "Cookie: access_token=$token" -H 'Origin: https://evil.example'; code
            admin=$("$bin" token issue --user root --role admin)
            ask GET /admin/revocations -H "Cookie: access_token=$admin"
            ask GET /admin/revocations -H "Cookie: access_token=$admin" -H 'Origin: https://evil.example'
            stop
            start
            grep -c 'drew secrets' "$dir/err"
            ask GET /session/$session -H "$(as "$token")"
            grep -rc "$token" "$dir/err"
            """)
        #expect(
            run.output == """
                1
                600
                401
                UNAUTHORIZED
                401
                INVALID_TOKEN
                401
                INVALID_TOKEN
                404
                SESSION_NOT_FOUND
                404
                SESSION_NOT_FOUND
                403
                ORIGIN_FORBIDDEN
                200
                403
                0
                404
                0

                """, "\(run.errors)")
    }

    @Test func `a refresh token is good once, and what was revoked stays so after kill -9`() {
        let run = run(
            """
            start
            { read -r access; read -r refresh; } < <("$bin" token issue --user u1 --device d1 --refresh)
            echo "$refresh" | "$bin" token refresh - --url "http://$address" > "$dir/new"; echo $?
            ask GET /session/$session -H "$(as "$(head -n 1 "$dir/new")")"
            echo "$access" | "$bin" token revoke - --json | sed 's/"id":"[^"]*"/"id":""/'
            ask GET /session/$session -H "$(as "$access")"; code
            kill -9 $pid; wait $pid 2> "$dir/killed"
            start
            ask GET /session/$session -H "$(as "$access")"; code
            echo "$refresh" | "$bin" token refresh - --url "http://$address" 2>&1 | grep -o REFRESH_REUSED
            tail -n 1 "$dir/new" | "$bin" token refresh - --url "http://$address" --json 2> "$dir/said" | grep -o REFRESH_REUSED
            cat "$dir/said" "$dir/err" | grep -c -e "$refresh" -e "$access"
            """)
        #expect(
            run.output == """
                0
                404
                {"id":"","closed":0}
                401
                TOKEN_REVOKED
                401
                TOKEN_REVOKED
                REFRESH_REUSED
                REFRESH_REUSED
                0

                """, "\(run.errors)")
    }

    @Test func `a revocation closes live sockets with 4440, and lifting it lets them back`() {
        let run = run(
            """
            start
            token=$("$bin" token issue --user u1 --device d1)
            socket="ws://$address/ws"
            sleep 30 | "$bin" connect "$socket" --header "$(as "$token")" > "$dir/frames" 2> "$dir/events" & client=$!
            wait_for grep -q session_id "$dir/frames"
            "$bin" admin revoke --user u1 --yes --json > "$dir/revoked"
            grep -o '"closed":[0-9]*' "$dir/revoked"
            wait $client; echo $?
            grep -o 'closed 4440 revoked' "$dir/events"
            echo | "$bin" connect "$socket" --header "$(as "$token")" -w 100ms > "$dir/frames" 2> "$dir/events"; echo $?
            id=$(sed -n 's/.*"id":"\\([^"]*\\)".*/\\1/p' "$dir/revoked")
            ask DELETE "/admin/revocations/$id" -H "$(as "$("$bin" token issue --user root --role admin)")"
            ask GET /session/$session -H "$(as "$token")"; code
            """)
        #expect(
            run.output == """
                "closed":1
                1
                closed 4440 revoked
                77
                204
                404
                SESSION_NOT_FOUND

                """, "\(run.errors)")
    }

    @Test func `keys come from a URL, and an API key opens the admin API`() {
        let run = run(
            """
            jwks=$dir/jwks.json; url_port=$(free_port)
            x=$(openssl pkey -in "$keys/ed25519.pem" -pubout -outform DER | tail -c 32 | base64 | tr '+/' '-_' | tr -d =)
            echo '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"'$x'"}]}' > "$jwks"
            (cd "$dir" && exec python3 -m http.server --bind 127.0.0.1 $url_port) > "$dir/http" 2>&1 & web=$!
            wait_for curl -s "http://127.0.0.1:$url_port/jwks.json"
            { read -r key; read -r known; } < <("$bin" token api-key ci --role admin)
            start 0 --jwt-keys "http://127.0.0.1:$url_port/jwks.json" --api-key "$known"
            by() { "$bin" token issue --user u1 --private-key "$keys/$1.pem" --kid k1; }
            ask GET /session/$session -H "$(as "$(by ed25519)")"; code
            ask GET /session/$session -H "$(as "$(by p256)")"; code
            ask GET /session/$session -H "$(as "$("$bin" token issue --user u1)")"; code
            ask GET /admin/revocations -H "X-API-Key: $key"
            ask GET /admin/revocations -H "X-API-Key: x$key"
            kill $web; wait $web 2> "$dir/killed"
            ask GET /session/$session -H "$(as "$(by ed25519)")"
            """)
        #expect(
            run.output == """
                404
                SESSION_NOT_FOUND
                401
                INVALID_TOKEN
                401
                INVALID_TOKEN
                200
                401
                404

                """, "\(run.errors)")
    }

    @Test(arguments: ["changeme", "harmony-flow-secret-key", "too-short"])
    func `serve refuses a secret that is none with exit 78, and --dev takes it`(secret: String) {
        let run = run(
            """
            JWT_SECRET='\(secret)' "$bin" serve --listen sync=127.0.0.1:0 --lb-wait 0; echo $?
            JWT_SECRET='\(secret)' serve --dev --listen sync=127.0.0.1:0 --lb-wait 0 --drain-duration 0
            ask GET /session/$session; code
            stop; echo $status
            """)
        #expect(run.output == "78\n404\nSESSION_NOT_FOUND\n0\n", "\(run.errors)")
        #expect(!run.errors.contains(secret))
        #expect(run.errors.contains("the secret JWT_SECRET is refused"))
    }

    @Test func `an independent implementation and this one read each other's tokens`() {
        let run = run(
            """
            python=/usr/bin/python3
            $python -c 'import jwt, cryptography' 2> "$dir/none" || { echo absent; exit; }
            export JWT_SECRET=0123456789abcdef0123456789abcdef JWT_REFRESH_SECRET=fedcba9876543210fedcba9876543210
            for algorithm in HS256 HS384 HS512; do
                "$bin" token issue --user u1 --algorithm ${algorithm,,} | $python -c "
            import jwt, sys; print(jwt.decode(sys.stdin.read().strip(), '$JWT_SECRET', algorithms=['$algorithm'])['sub'])"
                $python -c "
            import jwt, time; print(jwt.encode({'sub': 'u2', 'exp': int(time.time()) + 60}, '$JWT_SECRET', algorithm='$algorithm'))" \
                    | "$bin" token verify - | cut -d, -f1
            done
            for pair in rsa:RS256 p256:ES256 ed25519:EdDSA; do
                key=$keys/${pair%:*}; algorithm=${pair#*:}
                "$bin" token issue --user u1 --private-key "$key.pem" | $python -c "
            import jwt, sys; print(jwt.decode(sys.stdin.read().strip(), open('$key.pub.pem').read(), algorithms=['$algorithm'])['sub'])"
                $python -c "
            import jwt, time; print(jwt.encode({'sub': 'u2', 'exp': int(time.time()) + 60}, open('$key.pem').read(), algorithm='$algorithm'))" \
                    | "$bin" token verify - --jwt-keys "$key.pub.pem" | cut -d, -f1
            done
            """)
        let both = String(repeating: "u1\nvalid: of u2\n", count: 6)
        #expect(run.output == both || run.output == "absent\n", "\(run.errors)")
    }
}
