# Completion of sessionctl for bash. Written by 'sessionctl generate bash'; do not edit.

# Sets REPLY to the options of a command, and WORDS to what else may follow it.
_sessionctl_command() {
    case $1 in
    '')
        REPLY='--version -V -h --help'
        WORDS='serve connect send register deregister heartbeat focus ping wait snapshot device handoff state subscribe publish notify report stream locker session board admin console token bench compare config generate install version help'
        ;;
    'serve')
        REPLY='--config --data-dir --dev --profile --listen --single --ws-owner --host --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression --echo-port --echo-message-limit --echo-compression -h --help'
        WORDS='awareness sync channels lockers board echo'
        ;;
    'serve awareness')
        REPLY='--host -h --port --awareness-port -p --heartbeat-timeout --awareness-heartbeat-timeout -t --cleanup-interval --awareness-cleanup-interval -c --max-connections --awareness-max-connections -m --auth --awareness-auth --disconnect-grace --awareness-disconnect-grace --unregistered-timeout --awareness-unregistered-timeout --liveness --awareness-liveness --mismatch-on-focus --awareness-mismatch-on-focus --message-limit --awareness-message-limit --compression --awareness-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression --echo-port --echo-message-limit --echo-compression --help'
        WORDS=''
        ;;
    'serve sync')
        REPLY='--host --port --sync-port --address --sync-address --auth --sync-auth --session-ttl --sync-session-ttl --require-version --sync-require-version --handoff-ttl --sync-handoff-ttl --handoff-strict --sync-handoff-strict --presence-grace --sync-presence-grace --presence-timeout --sync-presence-timeout --message-limit --sync-message-limit --compression --sync-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression --echo-port --echo-message-limit --echo-compression -h --help'
        WORDS=''
        ;;
    'serve channels')
        REPLY='--host --port --channels-port --auth --channels-auth --rule --channels-rule --allow-query-token --channels-allow-query-token --strict-ids --channels-strict-ids --connection-timeout --channels-connection-timeout --cleanup-interval --channels-cleanup-interval --ping-interval --channels-ping-interval --idle-counts-pong --channels-idle-counts-pong --report-retention --channels-report-retention --rows --channels-rows --hook --channels-hook --hook-secret --channels-hook-secret --hook-secret-file --channels-hook-secret-file --message-limit --channels-message-limit --compression --channels-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression --echo-port --echo-message-limit --echo-compression -h --help'
        WORDS=''
        ;;
    'serve lockers')
        REPLY='--host --port --lockers-port --auth --lockers-auth --namespace --lockers-namespace --session-provider --lockers-session-provider --session-redis --lockers-session-redis --session-file --lockers-session-file --session-url --lockers-session-url --allow-query-session --lockers-allow-query-session --events-scope --lockers-events-scope --room-rule --lockers-room-rule --history --lockers-history --message-limit --lockers-message-limit --compression --lockers-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression --echo-port --echo-message-limit --echo-compression -h --help'
        WORDS=''
        ;;
    'serve board')
        REPLY='--host --port --board-port --auth --board-auth --backend --board-backend --backend-load --board-backend-load --backend-store --board-backend-store --backend-secret --board-backend-secret --backend-secret-file --board-backend-secret-file --backend-timeout --board-backend-timeout --backend-concurrency --board-backend-concurrency --backend-ca --board-backend-ca --debounce --board-debounce --debounce-max --board-debounce-max --max-rooms --board-max-rooms --snapshot-limit --board-snapshot-limit --message-limit --board-message-limit --compression --board-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --echo-port --echo-message-limit --echo-compression -h --help'
        WORDS=''
        ;;
    'serve echo')
        REPLY='--host --port --echo-port --message-limit --echo-message-limit --compression --echo-compression --config --data-dir --dev --listen --single --ws-owner --threads --origin --auth-reject --connection-limit --address-limit --accept-rate --memory-limit --auth-timeout --store --redis-password --redis-db --rate-limit --rate-burst --queue-limit --queue-age --ping-interval --pong-timeout --handshake-timeout --lb-wait --drain-duration --idle-exit --admin-listen --admin-socket --secret-file --jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --jwt-cookie --jwt-ttl --jwt-refresh-ttl --api-key --tls-cert --tls-key --tls-client-ca --log-level --log-ids --log-format --awareness-port --awareness-heartbeat-timeout --awareness-cleanup-interval --awareness-max-connections --awareness-auth --awareness-disconnect-grace --awareness-unregistered-timeout --awareness-liveness --awareness-mismatch-on-focus --awareness-message-limit --awareness-compression --sync-port --sync-address --sync-auth --sync-session-ttl --sync-require-version --sync-handoff-ttl --sync-handoff-strict --sync-presence-grace --sync-presence-timeout --sync-message-limit --sync-compression --channels-port --channels-auth --channels-rule --channels-allow-query-token --channels-strict-ids --channels-connection-timeout --channels-cleanup-interval --channels-ping-interval --channels-idle-counts-pong --channels-report-retention --channels-rows --channels-hook --channels-hook-secret --channels-hook-secret-file --channels-message-limit --channels-compression --lockers-port --lockers-auth --lockers-namespace --lockers-session-provider --lockers-session-redis --lockers-session-file --lockers-session-url --lockers-allow-query-session --lockers-events-scope --lockers-room-rule --lockers-history --lockers-message-limit --lockers-compression --board-port --board-auth --board-backend --board-backend-load --board-backend-store --board-backend-secret --board-backend-secret-file --board-backend-timeout --board-backend-concurrency --board-backend-ca --board-debounce --board-debounce-max --board-max-rooms --max-rooms --board-snapshot-limit --board-message-limit --board-compression -h --help'
        WORDS=''
        ;;
    'connect')
        REPLY='--execute -x --on-connect --echo --history --reconnect --max-attempts --wait -w --count -N --expect-json --expect-none --expect-close --within --profile --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color --fragment --no-pong --read-rate --raw-frame -h --help'
        WORDS=''
        ;;
    'send')
        REPLY='--wait -w --count -N --expect-json --expect-none --expect-close --within --profile --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color --fragment --no-pong --read-rate --raw-frame -h --help'
        WORDS=''
        ;;
    'register')
        REPLY='--user --window --case --slide --for --once --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'deregister')
        REPLY='--user --window --case --slide --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'heartbeat')
        REPLY='--user --window --case --slide --every --for --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'focus')
        REPLY='--user --window --case --slide --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'ping')
        REPLY='--count -N --interval --profile --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'wait')
        REPLY='--for --timeout --profile --header -H --origin --subprotocol -s --cacert --cert --key --insecure -k --connect-timeout --compress --json --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'snapshot')
        REPLY='-h --help'
        WORDS='get put patch resolve delete'
        ;;
    'snapshot get')
        REPLY='--state --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'snapshot put')
        REPLY='--version --if-match --user --device --app-version --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=' file'
        ;;
    'snapshot patch')
        REPLY='--set --delete --string --base-version --on-conflict --user --device --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=' file'
        ;;
    'snapshot resolve')
        REPLY='--version --strategy --deep --user --device --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=' file'
        ;;
    'snapshot delete')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'device')
        REPLY='-h --help'
        WORDS='list disconnect'
        ;;
    'device list')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'device disconnect')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'handoff')
        REPLY='-h --help'
        WORDS='start accept watch'
        ;;
    'handoff start')
        REPLY='--replace --disconnect-source --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'handoff accept')
        REPLY='--peek --device --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'handoff watch')
        REPLY='--show-token --for --count -N --expect-json --within --reconnect --max-attempts --quiet -q --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'state')
        REPLY='-h --help'
        WORDS='set delete merge increment watch'
        ;;
    'state set')
        REPLY='--string --base-version --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'state delete')
        REPLY='--base-version --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'state merge')
        REPLY='--base-version --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'state increment')
        REPLY='--by --base-version --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'state watch')
        REPLY='--for --count -N --expect-json --within --reconnect --max-attempts --quiet -q --session --user --device --url --token-file --token --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'subscribe')
        REPLY='--since --positions --for --count -N --expect-json --expect-none --expect-close --within --reconnect --max-attempts --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'publish')
        REPLY='--user --connection --exclude --type --string --socket --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'notify')
        REPLY='-h --help'
        WORDS='alert maintenance'
        ;;
    'notify alert')
        REPLY='--level --action --user --channel --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'notify maintenance')
        REPLY='--start --duration --service --id --user --channel --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'report')
        REPLY='-h --help'
        WORDS='status progress complete cancel watch'
        ;;
    'report status')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'report progress')
        REPLY='--status --message --owner --reset --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'report complete')
        REPLY='--download-url --format --size --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'report cancel')
        REPLY='--reason --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'report watch')
        REPLY='--for --expect-json --expect-none --within --reconnect --max-attempts --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'stream')
        REPLY='-h --help'
        WORDS='push watch'
        ;;
    'stream push')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'stream watch')
        REPLY='--interval --batch --filter --for --count -N --expect-json --expect-none --expect-close --within --reconnect --max-attempts --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'locker')
        REPLY='-h --help'
        WORDS='emit status acks watch join ack'
        ;;
    'locker emit')
        REPLY='--namespace --room --expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS='state help help-status command'
        ;;
    'locker emit state')
        REPLY='--room-scope --idempotency-key --expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker emit help')
        REPLY='--locker-no --note --photo-url --status --room-scope --idempotency-key --expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker emit help-status')
        REPLY='--room-scope --idempotency-key --expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker emit command')
        REPLY='--locker --kiosk --parameters --failed --message --error --room-scope --idempotency-key --expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker status')
        REPLY='--expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker acks')
        REPLY='--expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'locker watch')
        REPLY='--room --since --for --count -N --expect-json --expect-none --expect-close --within --reconnect --max-attempts --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS='lockers help events'
        ;;
    'locker join')
        REPLY='--namespace --since --for --count -N --expect-json --expect-none --expect-close --within --reconnect --max-attempts --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'locker ack')
        REPLY='--expect-json --url --session-file --session --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'session')
        REPLY='-h --help'
        WORDS='create list revoke'
        ;;
    'session create')
        REPLY='--user --role --namespace --kiosk --ttl --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'session list')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'session revoke')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'board')
        REPLY='-h --help'
        WORDS='list flush watch draw move delete cursor export import'
        ;;
    'board list')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'board flush')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'board watch')
        REPLY='--view --ascii --once --for --count -N --expect-json --expect-none --expect-close --within --reconnect --max-attempts --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'board draw')
        REPLY='--width --height --text --fill --stroke --rotation --wait-stored --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS='rectangle ellipse circle line arrow text'
        ;;
    'board move')
        REPLY='--width --height --text --fill --stroke --rotation --no-text --no-fill --no-stroke --wait-stored --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'board delete')
        REPLY='--wait-stored --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'board cursor')
        REPLY='--path --rate --for --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'board export')
        REPLY='--format --output -o --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=''
        ;;
    'board import')
        REPLY='--rate --wait-stored --expect-json --user --room --url --token-file --token --query-token --timeout --cacert --cert --key --insecure -k --json --no-color --quiet -q -h --help'
        WORDS=' file'
        ;;
    'admin')
        REPLY='-h --help'
        WORDS='connections sessions channels closed slow revocations metrics status kick broadcast publish presence history revoke lift trace drain undrain reload config'
        ;;
    'admin connections')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin sessions')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin channels')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin closed')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin slow')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin revocations')
        REPLY='--where --sort --limit --columns --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin metrics')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS='all sessions connections snapshots'
        ;;
    'admin status')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin kick')
        REPLY='--user --where --all --code --dry-run --yes -y --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin broadcast')
        REPLY='--target --type --data --yes -y --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin publish')
        REPLY='--type --string --expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin presence')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin history')
        REPLY='--expect-json --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin revoke')
        REPLY='--user --jti --session --issued-before --yes -y --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin lift')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin trace')
        REPLY='--for --count -N --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin drain')
        REPLY='--yes -y --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin undrain')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin reload')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'admin config')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'console')
        REPLY='--command -c --file -f --keep-going --history --url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'token')
        REPLY='-h --help'
        WORDS='issue inspect verify refresh revoke api-key'
        ;;
    'token issue')
        REPLY='--user --session --device --role --room --scope --ttl --refresh --refresh-ttl --issuer --audience --algorithm --private-key --kid --secret-file --data-dir --dev --json --no-color -h --help'
        WORDS=''
        ;;
    'token inspect')
        REPLY='--json --no-color -h --help'
        WORDS=''
        ;;
    'token verify')
        REPLY='--jwt-keys --jwt-issuer --jwt-audience --jwt-allow-no-exp --refresh --secret-file --data-dir --dev --json --no-color -h --help'
        WORDS=''
        ;;
    'token refresh')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'token revoke')
        REPLY='--url --token-file --token --api-key-file --api-key --timeout --cacert --cert --key --insecure -k --json --no-color -h --help'
        WORDS=''
        ;;
    'token api-key')
        REPLY='--role --json --no-color -h --help'
        WORDS=''
        ;;
    'bench')
        REPLY='--connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS='echo connect idle heartbeat register storm slow mix snapshot handoff state conflict devices fanout lockers board merge selftest'
        ;;
    'bench echo')
        REPLY='--size -s --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench connect')
        REPLY='--rate -R --stages --jitter --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench idle')
        REPLY='--connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench heartbeat')
        REPLY='--every --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench register')
        REPLY='--rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench storm')
        REPLY='--drop-at --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench slow')
        REPLY='--slow --read-rate --size -s --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench mix')
        REPLY='--rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=' file'
        ;;
    'bench snapshot')
        REPLY='--writers --puts --sessions --devices-per-session --state-bytes --secret-file --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench handoff')
        REPLY='--writers --sessions --devices-per-session --state-bytes --secret-file --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench state')
        REPLY='--writers --sessions --devices-per-session --state-bytes --secret-file --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench conflict')
        REPLY='--writers --sessions --devices-per-session --state-bytes --secret-file --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench devices')
        REPLY='--lists --sessions --devices-per-session --state-bytes --secret-file --rate -R --stages --jitter --depth --no-check --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench fanout')
        REPLY='--publishers --channels --join --size -s --via --stuck --recover --away --rate -R --stages --jitter --depth --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench lockers')
        REPLY='--publishers --namespaces --rooms --in-rooms --to-rooms --typed --moves --size -s --sessions --rate -R --stages --jitter --depth --no-spin --find-max --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench board')
        REPLY='--mode --rooms --shapes --cursor-rate --change-rate --secret-file --no-spin --connections -c --duration -d --warm-up --connect-rate --bind --timeout --header -H --cacert --cert --key --insecure -k --compress --admin --threads --processes --seed --runs --vs --assert --json --csv --series --markdown --html --hdr --progress --quiet -q --no-color -h --help'
        WORDS=''
        ;;
    'bench merge')
        REPLY='--json --spectrum --hdr -h --help'
        WORDS=' file'
        ;;
    'bench selftest')
        REPLY='--json -h --help'
        WORDS=''
        ;;
    'compare')
        REPLY='--fail-if --json --markdown --html --no-color -h --help'
        WORDS=' file'
        ;;
    'config')
        REPLY='-h --help'
        WORDS='check print diff'
        ;;
    'config check')
        REPLY='--json -h --help'
        WORDS=' file'
        ;;
    'config print')
        REPLY='--config --json -h --help'
        WORDS=''
        ;;
    'config diff')
        REPLY='--json -h --help'
        WORDS=' file'
        ;;
    'generate')
        REPLY='-h --help'
        WORDS='man bash zsh fish proto file'
        ;;
    'install')
        REPLY='--prefix --destdir --json -h --help'
        WORDS=''
        ;;
    'version')
        REPLY='--json -h --help'
        WORDS=''
        ;;
    'help')
        REPLY='-h --help'
        WORDS='serve connect send register deregister heartbeat focus ping wait snapshot device handoff state subscribe publish notify report stream locker session board admin console token bench compare config generate install version help'
        ;;
    *) return 1 ;;
    esac
}

# Sets REPLY to what the value of an option may be: 'file', 'directory', 'text', or 'words' and the words.
_sessionctl_value() {
    case $1 in
    'serve --config') REPLY='file' ;;
    'serve --data-dir') REPLY='directory' ;;
    'serve --profile') REPLY='list awareness sync channels lockers board echo' ;;
    'serve --listen') REPLY='text' ;;
    'serve --single') REPLY='text' ;;
    'serve --ws-owner') REPLY='words sync channels' ;;
    'serve --host') REPLY='text' ;;
    'serve --threads') REPLY='words auto' ;;
    'serve --origin') REPLY='text' ;;
    'serve --auth-reject') REPLY='words auto http close' ;;
    'serve --connection-limit') REPLY='words auto' ;;
    'serve --address-limit') REPLY='words off' ;;
    'serve --accept-rate') REPLY='words off' ;;
    'serve --memory-limit') REPLY='text' ;;
    'serve --auth-timeout') REPLY='text' ;;
    'serve --store') REPLY='text' ;;
    'serve --redis-password') REPLY='text' ;;
    'serve --redis-db') REPLY='text' ;;
    'serve --rate-limit') REPLY='words off' ;;
    'serve --rate-burst') REPLY='text' ;;
    'serve --queue-limit') REPLY='text' ;;
    'serve --queue-age') REPLY='text' ;;
    'serve --ping-interval') REPLY='text' ;;
    'serve --pong-timeout') REPLY='text' ;;
    'serve --handshake-timeout') REPLY='text' ;;
    'serve --lb-wait') REPLY='text' ;;
    'serve --drain-duration') REPLY='text' ;;
    'serve --idle-exit') REPLY='words off' ;;
    'serve --admin-listen') REPLY='text' ;;
    'serve --admin-socket') REPLY='file' ;;
    'serve --secret-file') REPLY='file' ;;
    'serve --jwt-keys') REPLY='text' ;;
    'serve --jwt-issuer') REPLY='text' ;;
    'serve --jwt-audience') REPLY='text' ;;
    'serve --jwt-cookie') REPLY='text' ;;
    'serve --jwt-ttl') REPLY='text' ;;
    'serve --jwt-refresh-ttl') REPLY='text' ;;
    'serve --api-key') REPLY='text' ;;
    'serve --tls-cert') REPLY='file' ;;
    'serve --tls-key') REPLY='file' ;;
    'serve --tls-client-ca') REPLY='file' ;;
    'serve --log-level') REPLY='words error warn info debug' ;;
    'serve --log-ids') REPLY='words hash plain' ;;
    'serve --log-format') REPLY='words text json' ;;
    'serve --awareness-port') REPLY='text' ;;
    'serve --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve --awareness-cleanup-interval') REPLY='text' ;;
    'serve --awareness-max-connections') REPLY='text' ;;
    'serve --awareness-auth') REPLY='words open optional required' ;;
    'serve --awareness-disconnect-grace') REPLY='text' ;;
    'serve --awareness-unregistered-timeout') REPLY='text' ;;
    'serve --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve --awareness-message-limit') REPLY='text' ;;
    'serve --sync-port') REPLY='text' ;;
    'serve --sync-address') REPLY='text' ;;
    'serve --sync-auth') REPLY='words open optional required' ;;
    'serve --sync-session-ttl') REPLY='text' ;;
    'serve --sync-handoff-ttl') REPLY='text' ;;
    'serve --sync-presence-grace') REPLY='text' ;;
    'serve --sync-presence-timeout') REPLY='text' ;;
    'serve --sync-message-limit') REPLY='text' ;;
    'serve --channels-port') REPLY='text' ;;
    'serve --channels-auth') REPLY='words open optional required' ;;
    'serve --channels-rule') REPLY='text' ;;
    'serve --channels-connection-timeout') REPLY='text' ;;
    'serve --channels-cleanup-interval') REPLY='text' ;;
    'serve --channels-ping-interval') REPLY='text' ;;
    'serve --channels-report-retention') REPLY='text' ;;
    'serve --channels-rows') REPLY='text' ;;
    'serve --channels-hook') REPLY='text' ;;
    'serve --channels-hook-secret') REPLY='text' ;;
    'serve --channels-hook-secret-file') REPLY='file' ;;
    'serve --channels-message-limit') REPLY='text' ;;
    'serve --lockers-port') REPLY='text' ;;
    'serve --lockers-auth') REPLY='text' ;;
    'serve --lockers-namespace') REPLY='text' ;;
    'serve --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve --lockers-session-redis') REPLY='text' ;;
    'serve --lockers-session-file') REPLY='file' ;;
    'serve --lockers-session-url') REPLY='text' ;;
    'serve --lockers-events-scope') REPLY='words namespace room' ;;
    'serve --lockers-room-rule') REPLY='text' ;;
    'serve --lockers-history') REPLY='text' ;;
    'serve --lockers-message-limit') REPLY='text' ;;
    'serve --board-port') REPLY='text' ;;
    'serve --board-auth') REPLY='words open optional required' ;;
    'serve --board-backend') REPLY='text' ;;
    'serve --board-backend-load') REPLY='text' ;;
    'serve --board-backend-store') REPLY='text' ;;
    'serve --board-backend-secret') REPLY='text' ;;
    'serve --board-backend-secret-file') REPLY='file' ;;
    'serve --board-backend-timeout') REPLY='text' ;;
    'serve --board-backend-concurrency') REPLY='text' ;;
    'serve --board-backend-ca') REPLY='file' ;;
    'serve --board-debounce') REPLY='text' ;;
    'serve --board-debounce-max') REPLY='text' ;;
    'serve --board-max-rooms' | 'serve --max-rooms') REPLY='words off' ;;
    'serve --board-snapshot-limit') REPLY='text' ;;
    'serve --board-message-limit') REPLY='text' ;;
    'serve --echo-port') REPLY='text' ;;
    'serve --echo-message-limit') REPLY='text' ;;
    'serve awareness --host' | 'serve awareness -h') REPLY='text' ;;
    'serve awareness --port' | 'serve awareness --awareness-port' | 'serve awareness -p') REPLY='text' ;;
    'serve awareness --heartbeat-timeout' | 'serve awareness --awareness-heartbeat-timeout' | 'serve awareness -t') REPLY='text' ;;
    'serve awareness --cleanup-interval' | 'serve awareness --awareness-cleanup-interval' | 'serve awareness -c') REPLY='text' ;;
    'serve awareness --max-connections' | 'serve awareness --awareness-max-connections' | 'serve awareness -m') REPLY='text' ;;
    'serve awareness --auth' | 'serve awareness --awareness-auth') REPLY='words open optional required' ;;
    'serve awareness --disconnect-grace' | 'serve awareness --awareness-disconnect-grace') REPLY='text' ;;
    'serve awareness --unregistered-timeout' | 'serve awareness --awareness-unregistered-timeout') REPLY='text' ;;
    'serve awareness --liveness' | 'serve awareness --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve awareness --message-limit' | 'serve awareness --awareness-message-limit') REPLY='text' ;;
    'serve awareness --config') REPLY='file' ;;
    'serve awareness --data-dir') REPLY='directory' ;;
    'serve awareness --listen') REPLY='text' ;;
    'serve awareness --single') REPLY='text' ;;
    'serve awareness --ws-owner') REPLY='words sync channels' ;;
    'serve awareness --threads') REPLY='words auto' ;;
    'serve awareness --origin') REPLY='text' ;;
    'serve awareness --auth-reject') REPLY='words auto http close' ;;
    'serve awareness --connection-limit') REPLY='words auto' ;;
    'serve awareness --address-limit') REPLY='words off' ;;
    'serve awareness --accept-rate') REPLY='words off' ;;
    'serve awareness --memory-limit') REPLY='text' ;;
    'serve awareness --auth-timeout') REPLY='text' ;;
    'serve awareness --store') REPLY='text' ;;
    'serve awareness --redis-password') REPLY='text' ;;
    'serve awareness --redis-db') REPLY='text' ;;
    'serve awareness --rate-limit') REPLY='words off' ;;
    'serve awareness --rate-burst') REPLY='text' ;;
    'serve awareness --queue-limit') REPLY='text' ;;
    'serve awareness --queue-age') REPLY='text' ;;
    'serve awareness --ping-interval') REPLY='text' ;;
    'serve awareness --pong-timeout') REPLY='text' ;;
    'serve awareness --handshake-timeout') REPLY='text' ;;
    'serve awareness --lb-wait') REPLY='text' ;;
    'serve awareness --drain-duration') REPLY='text' ;;
    'serve awareness --idle-exit') REPLY='words off' ;;
    'serve awareness --admin-listen') REPLY='text' ;;
    'serve awareness --admin-socket') REPLY='file' ;;
    'serve awareness --secret-file') REPLY='file' ;;
    'serve awareness --jwt-keys') REPLY='text' ;;
    'serve awareness --jwt-issuer') REPLY='text' ;;
    'serve awareness --jwt-audience') REPLY='text' ;;
    'serve awareness --jwt-cookie') REPLY='text' ;;
    'serve awareness --jwt-ttl') REPLY='text' ;;
    'serve awareness --jwt-refresh-ttl') REPLY='text' ;;
    'serve awareness --api-key') REPLY='text' ;;
    'serve awareness --tls-cert') REPLY='file' ;;
    'serve awareness --tls-key') REPLY='file' ;;
    'serve awareness --tls-client-ca') REPLY='file' ;;
    'serve awareness --log-level') REPLY='words error warn info debug' ;;
    'serve awareness --log-ids') REPLY='words hash plain' ;;
    'serve awareness --log-format') REPLY='words text json' ;;
    'serve awareness --sync-port') REPLY='text' ;;
    'serve awareness --sync-address') REPLY='text' ;;
    'serve awareness --sync-auth') REPLY='words open optional required' ;;
    'serve awareness --sync-session-ttl') REPLY='text' ;;
    'serve awareness --sync-handoff-ttl') REPLY='text' ;;
    'serve awareness --sync-presence-grace') REPLY='text' ;;
    'serve awareness --sync-presence-timeout') REPLY='text' ;;
    'serve awareness --sync-message-limit') REPLY='text' ;;
    'serve awareness --channels-port') REPLY='text' ;;
    'serve awareness --channels-auth') REPLY='words open optional required' ;;
    'serve awareness --channels-rule') REPLY='text' ;;
    'serve awareness --channels-connection-timeout') REPLY='text' ;;
    'serve awareness --channels-cleanup-interval') REPLY='text' ;;
    'serve awareness --channels-ping-interval') REPLY='text' ;;
    'serve awareness --channels-report-retention') REPLY='text' ;;
    'serve awareness --channels-rows') REPLY='text' ;;
    'serve awareness --channels-hook') REPLY='text' ;;
    'serve awareness --channels-hook-secret') REPLY='text' ;;
    'serve awareness --channels-hook-secret-file') REPLY='file' ;;
    'serve awareness --channels-message-limit') REPLY='text' ;;
    'serve awareness --lockers-port') REPLY='text' ;;
    'serve awareness --lockers-auth') REPLY='text' ;;
    'serve awareness --lockers-namespace') REPLY='text' ;;
    'serve awareness --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve awareness --lockers-session-redis') REPLY='text' ;;
    'serve awareness --lockers-session-file') REPLY='file' ;;
    'serve awareness --lockers-session-url') REPLY='text' ;;
    'serve awareness --lockers-events-scope') REPLY='words namespace room' ;;
    'serve awareness --lockers-room-rule') REPLY='text' ;;
    'serve awareness --lockers-history') REPLY='text' ;;
    'serve awareness --lockers-message-limit') REPLY='text' ;;
    'serve awareness --board-port') REPLY='text' ;;
    'serve awareness --board-auth') REPLY='words open optional required' ;;
    'serve awareness --board-backend') REPLY='text' ;;
    'serve awareness --board-backend-load') REPLY='text' ;;
    'serve awareness --board-backend-store') REPLY='text' ;;
    'serve awareness --board-backend-secret') REPLY='text' ;;
    'serve awareness --board-backend-secret-file') REPLY='file' ;;
    'serve awareness --board-backend-timeout') REPLY='text' ;;
    'serve awareness --board-backend-concurrency') REPLY='text' ;;
    'serve awareness --board-backend-ca') REPLY='file' ;;
    'serve awareness --board-debounce') REPLY='text' ;;
    'serve awareness --board-debounce-max') REPLY='text' ;;
    'serve awareness --board-max-rooms' | 'serve awareness --max-rooms') REPLY='words off' ;;
    'serve awareness --board-snapshot-limit') REPLY='text' ;;
    'serve awareness --board-message-limit') REPLY='text' ;;
    'serve awareness --echo-port') REPLY='text' ;;
    'serve awareness --echo-message-limit') REPLY='text' ;;
    'serve sync --host') REPLY='text' ;;
    'serve sync --port' | 'serve sync --sync-port') REPLY='text' ;;
    'serve sync --address' | 'serve sync --sync-address') REPLY='text' ;;
    'serve sync --auth' | 'serve sync --sync-auth') REPLY='words open optional required' ;;
    'serve sync --session-ttl' | 'serve sync --sync-session-ttl') REPLY='text' ;;
    'serve sync --handoff-ttl' | 'serve sync --sync-handoff-ttl') REPLY='text' ;;
    'serve sync --presence-grace' | 'serve sync --sync-presence-grace') REPLY='text' ;;
    'serve sync --presence-timeout' | 'serve sync --sync-presence-timeout') REPLY='text' ;;
    'serve sync --message-limit' | 'serve sync --sync-message-limit') REPLY='text' ;;
    'serve sync --config') REPLY='file' ;;
    'serve sync --data-dir') REPLY='directory' ;;
    'serve sync --listen') REPLY='text' ;;
    'serve sync --single') REPLY='text' ;;
    'serve sync --ws-owner') REPLY='words sync channels' ;;
    'serve sync --threads') REPLY='words auto' ;;
    'serve sync --origin') REPLY='text' ;;
    'serve sync --auth-reject') REPLY='words auto http close' ;;
    'serve sync --connection-limit') REPLY='words auto' ;;
    'serve sync --address-limit') REPLY='words off' ;;
    'serve sync --accept-rate') REPLY='words off' ;;
    'serve sync --memory-limit') REPLY='text' ;;
    'serve sync --auth-timeout') REPLY='text' ;;
    'serve sync --store') REPLY='text' ;;
    'serve sync --redis-password') REPLY='text' ;;
    'serve sync --redis-db') REPLY='text' ;;
    'serve sync --rate-limit') REPLY='words off' ;;
    'serve sync --rate-burst') REPLY='text' ;;
    'serve sync --queue-limit') REPLY='text' ;;
    'serve sync --queue-age') REPLY='text' ;;
    'serve sync --ping-interval') REPLY='text' ;;
    'serve sync --pong-timeout') REPLY='text' ;;
    'serve sync --handshake-timeout') REPLY='text' ;;
    'serve sync --lb-wait') REPLY='text' ;;
    'serve sync --drain-duration') REPLY='text' ;;
    'serve sync --idle-exit') REPLY='words off' ;;
    'serve sync --admin-listen') REPLY='text' ;;
    'serve sync --admin-socket') REPLY='file' ;;
    'serve sync --secret-file') REPLY='file' ;;
    'serve sync --jwt-keys') REPLY='text' ;;
    'serve sync --jwt-issuer') REPLY='text' ;;
    'serve sync --jwt-audience') REPLY='text' ;;
    'serve sync --jwt-cookie') REPLY='text' ;;
    'serve sync --jwt-ttl') REPLY='text' ;;
    'serve sync --jwt-refresh-ttl') REPLY='text' ;;
    'serve sync --api-key') REPLY='text' ;;
    'serve sync --tls-cert') REPLY='file' ;;
    'serve sync --tls-key') REPLY='file' ;;
    'serve sync --tls-client-ca') REPLY='file' ;;
    'serve sync --log-level') REPLY='words error warn info debug' ;;
    'serve sync --log-ids') REPLY='words hash plain' ;;
    'serve sync --log-format') REPLY='words text json' ;;
    'serve sync --awareness-port') REPLY='text' ;;
    'serve sync --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve sync --awareness-cleanup-interval') REPLY='text' ;;
    'serve sync --awareness-max-connections') REPLY='text' ;;
    'serve sync --awareness-auth') REPLY='words open optional required' ;;
    'serve sync --awareness-disconnect-grace') REPLY='text' ;;
    'serve sync --awareness-unregistered-timeout') REPLY='text' ;;
    'serve sync --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve sync --awareness-message-limit') REPLY='text' ;;
    'serve sync --channels-port') REPLY='text' ;;
    'serve sync --channels-auth') REPLY='words open optional required' ;;
    'serve sync --channels-rule') REPLY='text' ;;
    'serve sync --channels-connection-timeout') REPLY='text' ;;
    'serve sync --channels-cleanup-interval') REPLY='text' ;;
    'serve sync --channels-ping-interval') REPLY='text' ;;
    'serve sync --channels-report-retention') REPLY='text' ;;
    'serve sync --channels-rows') REPLY='text' ;;
    'serve sync --channels-hook') REPLY='text' ;;
    'serve sync --channels-hook-secret') REPLY='text' ;;
    'serve sync --channels-hook-secret-file') REPLY='file' ;;
    'serve sync --channels-message-limit') REPLY='text' ;;
    'serve sync --lockers-port') REPLY='text' ;;
    'serve sync --lockers-auth') REPLY='text' ;;
    'serve sync --lockers-namespace') REPLY='text' ;;
    'serve sync --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve sync --lockers-session-redis') REPLY='text' ;;
    'serve sync --lockers-session-file') REPLY='file' ;;
    'serve sync --lockers-session-url') REPLY='text' ;;
    'serve sync --lockers-events-scope') REPLY='words namespace room' ;;
    'serve sync --lockers-room-rule') REPLY='text' ;;
    'serve sync --lockers-history') REPLY='text' ;;
    'serve sync --lockers-message-limit') REPLY='text' ;;
    'serve sync --board-port') REPLY='text' ;;
    'serve sync --board-auth') REPLY='words open optional required' ;;
    'serve sync --board-backend') REPLY='text' ;;
    'serve sync --board-backend-load') REPLY='text' ;;
    'serve sync --board-backend-store') REPLY='text' ;;
    'serve sync --board-backend-secret') REPLY='text' ;;
    'serve sync --board-backend-secret-file') REPLY='file' ;;
    'serve sync --board-backend-timeout') REPLY='text' ;;
    'serve sync --board-backend-concurrency') REPLY='text' ;;
    'serve sync --board-backend-ca') REPLY='file' ;;
    'serve sync --board-debounce') REPLY='text' ;;
    'serve sync --board-debounce-max') REPLY='text' ;;
    'serve sync --board-max-rooms' | 'serve sync --max-rooms') REPLY='words off' ;;
    'serve sync --board-snapshot-limit') REPLY='text' ;;
    'serve sync --board-message-limit') REPLY='text' ;;
    'serve sync --echo-port') REPLY='text' ;;
    'serve sync --echo-message-limit') REPLY='text' ;;
    'serve channels --host') REPLY='text' ;;
    'serve channels --port' | 'serve channels --channels-port') REPLY='text' ;;
    'serve channels --auth' | 'serve channels --channels-auth') REPLY='words open optional required' ;;
    'serve channels --rule' | 'serve channels --channels-rule') REPLY='text' ;;
    'serve channels --connection-timeout' | 'serve channels --channels-connection-timeout') REPLY='text' ;;
    'serve channels --cleanup-interval' | 'serve channels --channels-cleanup-interval') REPLY='text' ;;
    'serve channels --ping-interval' | 'serve channels --channels-ping-interval') REPLY='text' ;;
    'serve channels --report-retention' | 'serve channels --channels-report-retention') REPLY='text' ;;
    'serve channels --rows' | 'serve channels --channels-rows') REPLY='text' ;;
    'serve channels --hook' | 'serve channels --channels-hook') REPLY='text' ;;
    'serve channels --hook-secret' | 'serve channels --channels-hook-secret') REPLY='text' ;;
    'serve channels --hook-secret-file' | 'serve channels --channels-hook-secret-file') REPLY='file' ;;
    'serve channels --message-limit' | 'serve channels --channels-message-limit') REPLY='text' ;;
    'serve channels --config') REPLY='file' ;;
    'serve channels --data-dir') REPLY='directory' ;;
    'serve channels --listen') REPLY='text' ;;
    'serve channels --single') REPLY='text' ;;
    'serve channels --ws-owner') REPLY='words sync channels' ;;
    'serve channels --threads') REPLY='words auto' ;;
    'serve channels --origin') REPLY='text' ;;
    'serve channels --auth-reject') REPLY='words auto http close' ;;
    'serve channels --connection-limit') REPLY='words auto' ;;
    'serve channels --address-limit') REPLY='words off' ;;
    'serve channels --accept-rate') REPLY='words off' ;;
    'serve channels --memory-limit') REPLY='text' ;;
    'serve channels --auth-timeout') REPLY='text' ;;
    'serve channels --store') REPLY='text' ;;
    'serve channels --redis-password') REPLY='text' ;;
    'serve channels --redis-db') REPLY='text' ;;
    'serve channels --rate-limit') REPLY='words off' ;;
    'serve channels --rate-burst') REPLY='text' ;;
    'serve channels --queue-limit') REPLY='text' ;;
    'serve channels --queue-age') REPLY='text' ;;
    'serve channels --pong-timeout') REPLY='text' ;;
    'serve channels --handshake-timeout') REPLY='text' ;;
    'serve channels --lb-wait') REPLY='text' ;;
    'serve channels --drain-duration') REPLY='text' ;;
    'serve channels --idle-exit') REPLY='words off' ;;
    'serve channels --admin-listen') REPLY='text' ;;
    'serve channels --admin-socket') REPLY='file' ;;
    'serve channels --secret-file') REPLY='file' ;;
    'serve channels --jwt-keys') REPLY='text' ;;
    'serve channels --jwt-issuer') REPLY='text' ;;
    'serve channels --jwt-audience') REPLY='text' ;;
    'serve channels --jwt-cookie') REPLY='text' ;;
    'serve channels --jwt-ttl') REPLY='text' ;;
    'serve channels --jwt-refresh-ttl') REPLY='text' ;;
    'serve channels --api-key') REPLY='text' ;;
    'serve channels --tls-cert') REPLY='file' ;;
    'serve channels --tls-key') REPLY='file' ;;
    'serve channels --tls-client-ca') REPLY='file' ;;
    'serve channels --log-level') REPLY='words error warn info debug' ;;
    'serve channels --log-ids') REPLY='words hash plain' ;;
    'serve channels --log-format') REPLY='words text json' ;;
    'serve channels --awareness-port') REPLY='text' ;;
    'serve channels --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve channels --awareness-cleanup-interval') REPLY='text' ;;
    'serve channels --awareness-max-connections') REPLY='text' ;;
    'serve channels --awareness-auth') REPLY='words open optional required' ;;
    'serve channels --awareness-disconnect-grace') REPLY='text' ;;
    'serve channels --awareness-unregistered-timeout') REPLY='text' ;;
    'serve channels --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve channels --awareness-message-limit') REPLY='text' ;;
    'serve channels --sync-port') REPLY='text' ;;
    'serve channels --sync-address') REPLY='text' ;;
    'serve channels --sync-auth') REPLY='words open optional required' ;;
    'serve channels --sync-session-ttl') REPLY='text' ;;
    'serve channels --sync-handoff-ttl') REPLY='text' ;;
    'serve channels --sync-presence-grace') REPLY='text' ;;
    'serve channels --sync-presence-timeout') REPLY='text' ;;
    'serve channels --sync-message-limit') REPLY='text' ;;
    'serve channels --lockers-port') REPLY='text' ;;
    'serve channels --lockers-auth') REPLY='text' ;;
    'serve channels --lockers-namespace') REPLY='text' ;;
    'serve channels --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve channels --lockers-session-redis') REPLY='text' ;;
    'serve channels --lockers-session-file') REPLY='file' ;;
    'serve channels --lockers-session-url') REPLY='text' ;;
    'serve channels --lockers-events-scope') REPLY='words namespace room' ;;
    'serve channels --lockers-room-rule') REPLY='text' ;;
    'serve channels --lockers-history') REPLY='text' ;;
    'serve channels --lockers-message-limit') REPLY='text' ;;
    'serve channels --board-port') REPLY='text' ;;
    'serve channels --board-auth') REPLY='words open optional required' ;;
    'serve channels --board-backend') REPLY='text' ;;
    'serve channels --board-backend-load') REPLY='text' ;;
    'serve channels --board-backend-store') REPLY='text' ;;
    'serve channels --board-backend-secret') REPLY='text' ;;
    'serve channels --board-backend-secret-file') REPLY='file' ;;
    'serve channels --board-backend-timeout') REPLY='text' ;;
    'serve channels --board-backend-concurrency') REPLY='text' ;;
    'serve channels --board-backend-ca') REPLY='file' ;;
    'serve channels --board-debounce') REPLY='text' ;;
    'serve channels --board-debounce-max') REPLY='text' ;;
    'serve channels --board-max-rooms' | 'serve channels --max-rooms') REPLY='words off' ;;
    'serve channels --board-snapshot-limit') REPLY='text' ;;
    'serve channels --board-message-limit') REPLY='text' ;;
    'serve channels --echo-port') REPLY='text' ;;
    'serve channels --echo-message-limit') REPLY='text' ;;
    'serve lockers --host') REPLY='text' ;;
    'serve lockers --port' | 'serve lockers --lockers-port') REPLY='text' ;;
    'serve lockers --auth' | 'serve lockers --lockers-auth') REPLY='text' ;;
    'serve lockers --namespace' | 'serve lockers --lockers-namespace') REPLY='text' ;;
    'serve lockers --session-provider' | 'serve lockers --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve lockers --session-redis' | 'serve lockers --lockers-session-redis') REPLY='text' ;;
    'serve lockers --session-file' | 'serve lockers --lockers-session-file') REPLY='file' ;;
    'serve lockers --session-url' | 'serve lockers --lockers-session-url') REPLY='text' ;;
    'serve lockers --events-scope' | 'serve lockers --lockers-events-scope') REPLY='words namespace room' ;;
    'serve lockers --room-rule' | 'serve lockers --lockers-room-rule') REPLY='text' ;;
    'serve lockers --history' | 'serve lockers --lockers-history') REPLY='text' ;;
    'serve lockers --message-limit' | 'serve lockers --lockers-message-limit') REPLY='text' ;;
    'serve lockers --config') REPLY='file' ;;
    'serve lockers --data-dir') REPLY='directory' ;;
    'serve lockers --listen') REPLY='text' ;;
    'serve lockers --single') REPLY='text' ;;
    'serve lockers --ws-owner') REPLY='words sync channels' ;;
    'serve lockers --threads') REPLY='words auto' ;;
    'serve lockers --origin') REPLY='text' ;;
    'serve lockers --auth-reject') REPLY='words auto http close' ;;
    'serve lockers --connection-limit') REPLY='words auto' ;;
    'serve lockers --address-limit') REPLY='words off' ;;
    'serve lockers --accept-rate') REPLY='words off' ;;
    'serve lockers --memory-limit') REPLY='text' ;;
    'serve lockers --auth-timeout') REPLY='text' ;;
    'serve lockers --store') REPLY='text' ;;
    'serve lockers --redis-password') REPLY='text' ;;
    'serve lockers --redis-db') REPLY='text' ;;
    'serve lockers --rate-limit') REPLY='words off' ;;
    'serve lockers --rate-burst') REPLY='text' ;;
    'serve lockers --queue-limit') REPLY='text' ;;
    'serve lockers --queue-age') REPLY='text' ;;
    'serve lockers --ping-interval') REPLY='text' ;;
    'serve lockers --pong-timeout') REPLY='text' ;;
    'serve lockers --handshake-timeout') REPLY='text' ;;
    'serve lockers --lb-wait') REPLY='text' ;;
    'serve lockers --drain-duration') REPLY='text' ;;
    'serve lockers --idle-exit') REPLY='words off' ;;
    'serve lockers --admin-listen') REPLY='text' ;;
    'serve lockers --admin-socket') REPLY='file' ;;
    'serve lockers --secret-file') REPLY='file' ;;
    'serve lockers --jwt-keys') REPLY='text' ;;
    'serve lockers --jwt-issuer') REPLY='text' ;;
    'serve lockers --jwt-audience') REPLY='text' ;;
    'serve lockers --jwt-cookie') REPLY='text' ;;
    'serve lockers --jwt-ttl') REPLY='text' ;;
    'serve lockers --jwt-refresh-ttl') REPLY='text' ;;
    'serve lockers --api-key') REPLY='text' ;;
    'serve lockers --tls-cert') REPLY='file' ;;
    'serve lockers --tls-key') REPLY='file' ;;
    'serve lockers --tls-client-ca') REPLY='file' ;;
    'serve lockers --log-level') REPLY='words error warn info debug' ;;
    'serve lockers --log-ids') REPLY='words hash plain' ;;
    'serve lockers --log-format') REPLY='words text json' ;;
    'serve lockers --awareness-port') REPLY='text' ;;
    'serve lockers --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve lockers --awareness-cleanup-interval') REPLY='text' ;;
    'serve lockers --awareness-max-connections') REPLY='text' ;;
    'serve lockers --awareness-auth') REPLY='words open optional required' ;;
    'serve lockers --awareness-disconnect-grace') REPLY='text' ;;
    'serve lockers --awareness-unregistered-timeout') REPLY='text' ;;
    'serve lockers --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve lockers --awareness-message-limit') REPLY='text' ;;
    'serve lockers --sync-port') REPLY='text' ;;
    'serve lockers --sync-address') REPLY='text' ;;
    'serve lockers --sync-auth') REPLY='words open optional required' ;;
    'serve lockers --sync-session-ttl') REPLY='text' ;;
    'serve lockers --sync-handoff-ttl') REPLY='text' ;;
    'serve lockers --sync-presence-grace') REPLY='text' ;;
    'serve lockers --sync-presence-timeout') REPLY='text' ;;
    'serve lockers --sync-message-limit') REPLY='text' ;;
    'serve lockers --channels-port') REPLY='text' ;;
    'serve lockers --channels-auth') REPLY='words open optional required' ;;
    'serve lockers --channels-rule') REPLY='text' ;;
    'serve lockers --channels-connection-timeout') REPLY='text' ;;
    'serve lockers --channels-cleanup-interval') REPLY='text' ;;
    'serve lockers --channels-ping-interval') REPLY='text' ;;
    'serve lockers --channels-report-retention') REPLY='text' ;;
    'serve lockers --channels-rows') REPLY='text' ;;
    'serve lockers --channels-hook') REPLY='text' ;;
    'serve lockers --channels-hook-secret') REPLY='text' ;;
    'serve lockers --channels-hook-secret-file') REPLY='file' ;;
    'serve lockers --channels-message-limit') REPLY='text' ;;
    'serve lockers --board-port') REPLY='text' ;;
    'serve lockers --board-auth') REPLY='words open optional required' ;;
    'serve lockers --board-backend') REPLY='text' ;;
    'serve lockers --board-backend-load') REPLY='text' ;;
    'serve lockers --board-backend-store') REPLY='text' ;;
    'serve lockers --board-backend-secret') REPLY='text' ;;
    'serve lockers --board-backend-secret-file') REPLY='file' ;;
    'serve lockers --board-backend-timeout') REPLY='text' ;;
    'serve lockers --board-backend-concurrency') REPLY='text' ;;
    'serve lockers --board-backend-ca') REPLY='file' ;;
    'serve lockers --board-debounce') REPLY='text' ;;
    'serve lockers --board-debounce-max') REPLY='text' ;;
    'serve lockers --board-max-rooms' | 'serve lockers --max-rooms') REPLY='words off' ;;
    'serve lockers --board-snapshot-limit') REPLY='text' ;;
    'serve lockers --board-message-limit') REPLY='text' ;;
    'serve lockers --echo-port') REPLY='text' ;;
    'serve lockers --echo-message-limit') REPLY='text' ;;
    'serve board --host') REPLY='text' ;;
    'serve board --port' | 'serve board --board-port') REPLY='text' ;;
    'serve board --auth' | 'serve board --board-auth') REPLY='words open optional required' ;;
    'serve board --backend' | 'serve board --board-backend') REPLY='text' ;;
    'serve board --backend-load' | 'serve board --board-backend-load') REPLY='text' ;;
    'serve board --backend-store' | 'serve board --board-backend-store') REPLY='text' ;;
    'serve board --backend-secret' | 'serve board --board-backend-secret') REPLY='text' ;;
    'serve board --backend-secret-file' | 'serve board --board-backend-secret-file') REPLY='file' ;;
    'serve board --backend-timeout' | 'serve board --board-backend-timeout') REPLY='text' ;;
    'serve board --backend-concurrency' | 'serve board --board-backend-concurrency') REPLY='text' ;;
    'serve board --backend-ca' | 'serve board --board-backend-ca') REPLY='file' ;;
    'serve board --debounce' | 'serve board --board-debounce') REPLY='text' ;;
    'serve board --debounce-max' | 'serve board --board-debounce-max') REPLY='text' ;;
    'serve board --max-rooms' | 'serve board --board-max-rooms') REPLY='words off' ;;
    'serve board --snapshot-limit' | 'serve board --board-snapshot-limit') REPLY='text' ;;
    'serve board --message-limit' | 'serve board --board-message-limit') REPLY='text' ;;
    'serve board --config') REPLY='file' ;;
    'serve board --data-dir') REPLY='directory' ;;
    'serve board --listen') REPLY='text' ;;
    'serve board --single') REPLY='text' ;;
    'serve board --ws-owner') REPLY='words sync channels' ;;
    'serve board --threads') REPLY='words auto' ;;
    'serve board --origin') REPLY='text' ;;
    'serve board --auth-reject') REPLY='words auto http close' ;;
    'serve board --connection-limit') REPLY='words auto' ;;
    'serve board --address-limit') REPLY='words off' ;;
    'serve board --accept-rate') REPLY='words off' ;;
    'serve board --memory-limit') REPLY='text' ;;
    'serve board --auth-timeout') REPLY='text' ;;
    'serve board --store') REPLY='text' ;;
    'serve board --redis-password') REPLY='text' ;;
    'serve board --redis-db') REPLY='text' ;;
    'serve board --rate-limit') REPLY='words off' ;;
    'serve board --rate-burst') REPLY='text' ;;
    'serve board --queue-limit') REPLY='text' ;;
    'serve board --queue-age') REPLY='text' ;;
    'serve board --ping-interval') REPLY='text' ;;
    'serve board --pong-timeout') REPLY='text' ;;
    'serve board --handshake-timeout') REPLY='text' ;;
    'serve board --lb-wait') REPLY='text' ;;
    'serve board --drain-duration') REPLY='text' ;;
    'serve board --idle-exit') REPLY='words off' ;;
    'serve board --admin-listen') REPLY='text' ;;
    'serve board --admin-socket') REPLY='file' ;;
    'serve board --secret-file') REPLY='file' ;;
    'serve board --jwt-keys') REPLY='text' ;;
    'serve board --jwt-issuer') REPLY='text' ;;
    'serve board --jwt-audience') REPLY='text' ;;
    'serve board --jwt-cookie') REPLY='text' ;;
    'serve board --jwt-ttl') REPLY='text' ;;
    'serve board --jwt-refresh-ttl') REPLY='text' ;;
    'serve board --api-key') REPLY='text' ;;
    'serve board --tls-cert') REPLY='file' ;;
    'serve board --tls-key') REPLY='file' ;;
    'serve board --tls-client-ca') REPLY='file' ;;
    'serve board --log-level') REPLY='words error warn info debug' ;;
    'serve board --log-ids') REPLY='words hash plain' ;;
    'serve board --log-format') REPLY='words text json' ;;
    'serve board --awareness-port') REPLY='text' ;;
    'serve board --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve board --awareness-cleanup-interval') REPLY='text' ;;
    'serve board --awareness-max-connections') REPLY='text' ;;
    'serve board --awareness-auth') REPLY='words open optional required' ;;
    'serve board --awareness-disconnect-grace') REPLY='text' ;;
    'serve board --awareness-unregistered-timeout') REPLY='text' ;;
    'serve board --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve board --awareness-message-limit') REPLY='text' ;;
    'serve board --sync-port') REPLY='text' ;;
    'serve board --sync-address') REPLY='text' ;;
    'serve board --sync-auth') REPLY='words open optional required' ;;
    'serve board --sync-session-ttl') REPLY='text' ;;
    'serve board --sync-handoff-ttl') REPLY='text' ;;
    'serve board --sync-presence-grace') REPLY='text' ;;
    'serve board --sync-presence-timeout') REPLY='text' ;;
    'serve board --sync-message-limit') REPLY='text' ;;
    'serve board --channels-port') REPLY='text' ;;
    'serve board --channels-auth') REPLY='words open optional required' ;;
    'serve board --channels-rule') REPLY='text' ;;
    'serve board --channels-connection-timeout') REPLY='text' ;;
    'serve board --channels-cleanup-interval') REPLY='text' ;;
    'serve board --channels-ping-interval') REPLY='text' ;;
    'serve board --channels-report-retention') REPLY='text' ;;
    'serve board --channels-rows') REPLY='text' ;;
    'serve board --channels-hook') REPLY='text' ;;
    'serve board --channels-hook-secret') REPLY='text' ;;
    'serve board --channels-hook-secret-file') REPLY='file' ;;
    'serve board --channels-message-limit') REPLY='text' ;;
    'serve board --lockers-port') REPLY='text' ;;
    'serve board --lockers-auth') REPLY='text' ;;
    'serve board --lockers-namespace') REPLY='text' ;;
    'serve board --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve board --lockers-session-redis') REPLY='text' ;;
    'serve board --lockers-session-file') REPLY='file' ;;
    'serve board --lockers-session-url') REPLY='text' ;;
    'serve board --lockers-events-scope') REPLY='words namespace room' ;;
    'serve board --lockers-room-rule') REPLY='text' ;;
    'serve board --lockers-history') REPLY='text' ;;
    'serve board --lockers-message-limit') REPLY='text' ;;
    'serve board --echo-port') REPLY='text' ;;
    'serve board --echo-message-limit') REPLY='text' ;;
    'serve echo --host') REPLY='text' ;;
    'serve echo --port' | 'serve echo --echo-port') REPLY='text' ;;
    'serve echo --message-limit' | 'serve echo --echo-message-limit') REPLY='text' ;;
    'serve echo --config') REPLY='file' ;;
    'serve echo --data-dir') REPLY='directory' ;;
    'serve echo --listen') REPLY='text' ;;
    'serve echo --single') REPLY='text' ;;
    'serve echo --ws-owner') REPLY='words sync channels' ;;
    'serve echo --threads') REPLY='words auto' ;;
    'serve echo --origin') REPLY='text' ;;
    'serve echo --auth-reject') REPLY='words auto http close' ;;
    'serve echo --connection-limit') REPLY='words auto' ;;
    'serve echo --address-limit') REPLY='words off' ;;
    'serve echo --accept-rate') REPLY='words off' ;;
    'serve echo --memory-limit') REPLY='text' ;;
    'serve echo --auth-timeout') REPLY='text' ;;
    'serve echo --store') REPLY='text' ;;
    'serve echo --redis-password') REPLY='text' ;;
    'serve echo --redis-db') REPLY='text' ;;
    'serve echo --rate-limit') REPLY='words off' ;;
    'serve echo --rate-burst') REPLY='text' ;;
    'serve echo --queue-limit') REPLY='text' ;;
    'serve echo --queue-age') REPLY='text' ;;
    'serve echo --ping-interval') REPLY='text' ;;
    'serve echo --pong-timeout') REPLY='text' ;;
    'serve echo --handshake-timeout') REPLY='text' ;;
    'serve echo --lb-wait') REPLY='text' ;;
    'serve echo --drain-duration') REPLY='text' ;;
    'serve echo --idle-exit') REPLY='words off' ;;
    'serve echo --admin-listen') REPLY='text' ;;
    'serve echo --admin-socket') REPLY='file' ;;
    'serve echo --secret-file') REPLY='file' ;;
    'serve echo --jwt-keys') REPLY='text' ;;
    'serve echo --jwt-issuer') REPLY='text' ;;
    'serve echo --jwt-audience') REPLY='text' ;;
    'serve echo --jwt-cookie') REPLY='text' ;;
    'serve echo --jwt-ttl') REPLY='text' ;;
    'serve echo --jwt-refresh-ttl') REPLY='text' ;;
    'serve echo --api-key') REPLY='text' ;;
    'serve echo --tls-cert') REPLY='file' ;;
    'serve echo --tls-key') REPLY='file' ;;
    'serve echo --tls-client-ca') REPLY='file' ;;
    'serve echo --log-level') REPLY='words error warn info debug' ;;
    'serve echo --log-ids') REPLY='words hash plain' ;;
    'serve echo --log-format') REPLY='words text json' ;;
    'serve echo --awareness-port') REPLY='text' ;;
    'serve echo --awareness-heartbeat-timeout') REPLY='text' ;;
    'serve echo --awareness-cleanup-interval') REPLY='text' ;;
    'serve echo --awareness-max-connections') REPLY='text' ;;
    'serve echo --awareness-auth') REPLY='words open optional required' ;;
    'serve echo --awareness-disconnect-grace') REPLY='text' ;;
    'serve echo --awareness-unregistered-timeout') REPLY='text' ;;
    'serve echo --awareness-liveness') REPLY='words transport heartbeat' ;;
    'serve echo --awareness-message-limit') REPLY='text' ;;
    'serve echo --sync-port') REPLY='text' ;;
    'serve echo --sync-address') REPLY='text' ;;
    'serve echo --sync-auth') REPLY='words open optional required' ;;
    'serve echo --sync-session-ttl') REPLY='text' ;;
    'serve echo --sync-handoff-ttl') REPLY='text' ;;
    'serve echo --sync-presence-grace') REPLY='text' ;;
    'serve echo --sync-presence-timeout') REPLY='text' ;;
    'serve echo --sync-message-limit') REPLY='text' ;;
    'serve echo --channels-port') REPLY='text' ;;
    'serve echo --channels-auth') REPLY='words open optional required' ;;
    'serve echo --channels-rule') REPLY='text' ;;
    'serve echo --channels-connection-timeout') REPLY='text' ;;
    'serve echo --channels-cleanup-interval') REPLY='text' ;;
    'serve echo --channels-ping-interval') REPLY='text' ;;
    'serve echo --channels-report-retention') REPLY='text' ;;
    'serve echo --channels-rows') REPLY='text' ;;
    'serve echo --channels-hook') REPLY='text' ;;
    'serve echo --channels-hook-secret') REPLY='text' ;;
    'serve echo --channels-hook-secret-file') REPLY='file' ;;
    'serve echo --channels-message-limit') REPLY='text' ;;
    'serve echo --lockers-port') REPLY='text' ;;
    'serve echo --lockers-auth') REPLY='text' ;;
    'serve echo --lockers-namespace') REPLY='text' ;;
    'serve echo --lockers-session-provider') REPLY='words memory redis static http' ;;
    'serve echo --lockers-session-redis') REPLY='text' ;;
    'serve echo --lockers-session-file') REPLY='file' ;;
    'serve echo --lockers-session-url') REPLY='text' ;;
    'serve echo --lockers-events-scope') REPLY='words namespace room' ;;
    'serve echo --lockers-room-rule') REPLY='text' ;;
    'serve echo --lockers-history') REPLY='text' ;;
    'serve echo --lockers-message-limit') REPLY='text' ;;
    'serve echo --board-port') REPLY='text' ;;
    'serve echo --board-auth') REPLY='words open optional required' ;;
    'serve echo --board-backend') REPLY='text' ;;
    'serve echo --board-backend-load') REPLY='text' ;;
    'serve echo --board-backend-store') REPLY='text' ;;
    'serve echo --board-backend-secret') REPLY='text' ;;
    'serve echo --board-backend-secret-file') REPLY='file' ;;
    'serve echo --board-backend-timeout') REPLY='text' ;;
    'serve echo --board-backend-concurrency') REPLY='text' ;;
    'serve echo --board-backend-ca') REPLY='file' ;;
    'serve echo --board-debounce') REPLY='text' ;;
    'serve echo --board-debounce-max') REPLY='text' ;;
    'serve echo --board-max-rooms' | 'serve echo --max-rooms') REPLY='words off' ;;
    'serve echo --board-snapshot-limit') REPLY='text' ;;
    'serve echo --board-message-limit') REPLY='text' ;;
    'connect --execute' | 'connect -x') REPLY='text' ;;
    'connect --on-connect') REPLY='text' ;;
    'connect --history') REPLY='file' ;;
    'connect --max-attempts') REPLY='text' ;;
    'connect --wait' | 'connect -w') REPLY='words forever' ;;
    'connect --count' | 'connect -N') REPLY='text' ;;
    'connect --expect-json') REPLY='text' ;;
    'connect --expect-none') REPLY='text' ;;
    'connect --expect-close') REPLY='text' ;;
    'connect --within') REPLY='text' ;;
    'connect --profile') REPLY='words awareness sync channels board lockers echo' ;;
    'connect --header' | 'connect -H') REPLY='text' ;;
    'connect --origin') REPLY='text' ;;
    'connect --subprotocol' | 'connect -s') REPLY='text' ;;
    'connect --cacert') REPLY='file' ;;
    'connect --cert') REPLY='file' ;;
    'connect --key') REPLY='file' ;;
    'connect --connect-timeout') REPLY='text' ;;
    'connect --fragment') REPLY='text' ;;
    'connect --read-rate') REPLY='words off' ;;
    'connect --raw-frame') REPLY='text' ;;
    'send --wait' | 'send -w') REPLY='words forever' ;;
    'send --count' | 'send -N') REPLY='text' ;;
    'send --expect-json') REPLY='text' ;;
    'send --expect-none') REPLY='text' ;;
    'send --expect-close') REPLY='text' ;;
    'send --within') REPLY='text' ;;
    'send --profile') REPLY='words awareness sync channels board lockers echo' ;;
    'send --header' | 'send -H') REPLY='text' ;;
    'send --origin') REPLY='text' ;;
    'send --subprotocol' | 'send -s') REPLY='text' ;;
    'send --cacert') REPLY='file' ;;
    'send --cert') REPLY='file' ;;
    'send --key') REPLY='file' ;;
    'send --connect-timeout') REPLY='text' ;;
    'send --fragment') REPLY='text' ;;
    'send --read-rate') REPLY='words off' ;;
    'send --raw-frame') REPLY='text' ;;
    'register --user') REPLY='text' ;;
    'register --window') REPLY='text' ;;
    'register --case') REPLY='text' ;;
    'register --slide') REPLY='text' ;;
    'register --for') REPLY='text' ;;
    'register --header' | 'register -H') REPLY='text' ;;
    'register --origin') REPLY='text' ;;
    'register --subprotocol' | 'register -s') REPLY='text' ;;
    'register --cacert') REPLY='file' ;;
    'register --cert') REPLY='file' ;;
    'register --key') REPLY='file' ;;
    'register --connect-timeout') REPLY='text' ;;
    'deregister --user') REPLY='text' ;;
    'deregister --window') REPLY='text' ;;
    'deregister --case') REPLY='text' ;;
    'deregister --slide') REPLY='text' ;;
    'deregister --header' | 'deregister -H') REPLY='text' ;;
    'deregister --origin') REPLY='text' ;;
    'deregister --subprotocol' | 'deregister -s') REPLY='text' ;;
    'deregister --cacert') REPLY='file' ;;
    'deregister --cert') REPLY='file' ;;
    'deregister --key') REPLY='file' ;;
    'deregister --connect-timeout') REPLY='text' ;;
    'heartbeat --user') REPLY='text' ;;
    'heartbeat --window') REPLY='text' ;;
    'heartbeat --case') REPLY='text' ;;
    'heartbeat --slide') REPLY='text' ;;
    'heartbeat --every') REPLY='text' ;;
    'heartbeat --for') REPLY='text' ;;
    'heartbeat --header' | 'heartbeat -H') REPLY='text' ;;
    'heartbeat --origin') REPLY='text' ;;
    'heartbeat --subprotocol' | 'heartbeat -s') REPLY='text' ;;
    'heartbeat --cacert') REPLY='file' ;;
    'heartbeat --cert') REPLY='file' ;;
    'heartbeat --key') REPLY='file' ;;
    'heartbeat --connect-timeout') REPLY='text' ;;
    'focus --user') REPLY='text' ;;
    'focus --window') REPLY='text' ;;
    'focus --case') REPLY='text' ;;
    'focus --slide') REPLY='text' ;;
    'focus --header' | 'focus -H') REPLY='text' ;;
    'focus --origin') REPLY='text' ;;
    'focus --subprotocol' | 'focus -s') REPLY='text' ;;
    'focus --cacert') REPLY='file' ;;
    'focus --cert') REPLY='file' ;;
    'focus --key') REPLY='file' ;;
    'focus --connect-timeout') REPLY='text' ;;
    'ping --count' | 'ping -N') REPLY='text' ;;
    'ping --interval') REPLY='text' ;;
    'ping --profile') REPLY='words awareness sync channels board lockers echo' ;;
    'ping --header' | 'ping -H') REPLY='text' ;;
    'ping --origin') REPLY='text' ;;
    'ping --subprotocol' | 'ping -s') REPLY='text' ;;
    'ping --cacert') REPLY='file' ;;
    'ping --cert') REPLY='file' ;;
    'ping --key') REPLY='file' ;;
    'ping --connect-timeout') REPLY='text' ;;
    'wait --for') REPLY='words ready open' ;;
    'wait --timeout') REPLY='text' ;;
    'wait --profile') REPLY='words awareness sync channels board lockers echo' ;;
    'wait --header' | 'wait -H') REPLY='text' ;;
    'wait --origin') REPLY='text' ;;
    'wait --subprotocol' | 'wait -s') REPLY='text' ;;
    'wait --cacert') REPLY='file' ;;
    'wait --cert') REPLY='file' ;;
    'wait --key') REPLY='file' ;;
    'wait --connect-timeout') REPLY='text' ;;
    'snapshot get --expect-json') REPLY='text' ;;
    'snapshot get --url') REPLY='text' ;;
    'snapshot get --token-file') REPLY='file' ;;
    'snapshot get --token') REPLY='text' ;;
    'snapshot get --api-key-file') REPLY='file' ;;
    'snapshot get --api-key') REPLY='text' ;;
    'snapshot get --timeout') REPLY='text' ;;
    'snapshot get --cacert') REPLY='file' ;;
    'snapshot get --cert') REPLY='file' ;;
    'snapshot get --key') REPLY='file' ;;
    'snapshot put --version') REPLY='text' ;;
    'snapshot put --if-match') REPLY='text' ;;
    'snapshot put --user') REPLY='text' ;;
    'snapshot put --device') REPLY='text' ;;
    'snapshot put --app-version') REPLY='text' ;;
    'snapshot put --url') REPLY='text' ;;
    'snapshot put --token-file') REPLY='file' ;;
    'snapshot put --token') REPLY='text' ;;
    'snapshot put --api-key-file') REPLY='file' ;;
    'snapshot put --api-key') REPLY='text' ;;
    'snapshot put --timeout') REPLY='text' ;;
    'snapshot put --cacert') REPLY='file' ;;
    'snapshot put --cert') REPLY='file' ;;
    'snapshot put --key') REPLY='file' ;;
    'snapshot patch --set') REPLY='text' ;;
    'snapshot patch --delete') REPLY='text' ;;
    'snapshot patch --base-version') REPLY='text' ;;
    'snapshot patch --on-conflict') REPLY='words reject auto-merge' ;;
    'snapshot patch --user') REPLY='text' ;;
    'snapshot patch --device') REPLY='text' ;;
    'snapshot patch --url') REPLY='text' ;;
    'snapshot patch --token-file') REPLY='file' ;;
    'snapshot patch --token') REPLY='text' ;;
    'snapshot patch --api-key-file') REPLY='file' ;;
    'snapshot patch --api-key') REPLY='text' ;;
    'snapshot patch --timeout') REPLY='text' ;;
    'snapshot patch --cacert') REPLY='file' ;;
    'snapshot patch --cert') REPLY='file' ;;
    'snapshot patch --key') REPLY='file' ;;
    'snapshot resolve --version') REPLY='text' ;;
    'snapshot resolve --strategy') REPLY='words server-wins client-wins merge' ;;
    'snapshot resolve --user') REPLY='text' ;;
    'snapshot resolve --device') REPLY='text' ;;
    'snapshot resolve --url') REPLY='text' ;;
    'snapshot resolve --token-file') REPLY='file' ;;
    'snapshot resolve --token') REPLY='text' ;;
    'snapshot resolve --api-key-file') REPLY='file' ;;
    'snapshot resolve --api-key') REPLY='text' ;;
    'snapshot resolve --timeout') REPLY='text' ;;
    'snapshot resolve --cacert') REPLY='file' ;;
    'snapshot resolve --cert') REPLY='file' ;;
    'snapshot resolve --key') REPLY='file' ;;
    'snapshot delete --url') REPLY='text' ;;
    'snapshot delete --token-file') REPLY='file' ;;
    'snapshot delete --token') REPLY='text' ;;
    'snapshot delete --api-key-file') REPLY='file' ;;
    'snapshot delete --api-key') REPLY='text' ;;
    'snapshot delete --timeout') REPLY='text' ;;
    'snapshot delete --cacert') REPLY='file' ;;
    'snapshot delete --cert') REPLY='file' ;;
    'snapshot delete --key') REPLY='file' ;;
    'device list --expect-json') REPLY='text' ;;
    'device list --url') REPLY='text' ;;
    'device list --token-file') REPLY='file' ;;
    'device list --token') REPLY='text' ;;
    'device list --api-key-file') REPLY='file' ;;
    'device list --api-key') REPLY='text' ;;
    'device list --timeout') REPLY='text' ;;
    'device list --cacert') REPLY='file' ;;
    'device list --cert') REPLY='file' ;;
    'device list --key') REPLY='file' ;;
    'device disconnect --url') REPLY='text' ;;
    'device disconnect --token-file') REPLY='file' ;;
    'device disconnect --token') REPLY='text' ;;
    'device disconnect --api-key-file') REPLY='file' ;;
    'device disconnect --api-key') REPLY='text' ;;
    'device disconnect --timeout') REPLY='text' ;;
    'device disconnect --cacert') REPLY='file' ;;
    'device disconnect --cert') REPLY='file' ;;
    'device disconnect --key') REPLY='file' ;;
    'handoff start --url') REPLY='text' ;;
    'handoff start --token-file') REPLY='file' ;;
    'handoff start --token') REPLY='text' ;;
    'handoff start --api-key-file') REPLY='file' ;;
    'handoff start --api-key') REPLY='text' ;;
    'handoff start --timeout') REPLY='text' ;;
    'handoff start --cacert') REPLY='file' ;;
    'handoff start --cert') REPLY='file' ;;
    'handoff start --key') REPLY='file' ;;
    'handoff accept --device') REPLY='text' ;;
    'handoff accept --url') REPLY='text' ;;
    'handoff accept --token-file') REPLY='file' ;;
    'handoff accept --token') REPLY='text' ;;
    'handoff accept --api-key-file') REPLY='file' ;;
    'handoff accept --api-key') REPLY='text' ;;
    'handoff accept --timeout') REPLY='text' ;;
    'handoff accept --cacert') REPLY='file' ;;
    'handoff accept --cert') REPLY='file' ;;
    'handoff accept --key') REPLY='file' ;;
    'handoff watch --for') REPLY='text' ;;
    'handoff watch --count' | 'handoff watch -N') REPLY='text' ;;
    'handoff watch --expect-json') REPLY='text' ;;
    'handoff watch --within') REPLY='text' ;;
    'handoff watch --max-attempts') REPLY='text' ;;
    'handoff watch --session') REPLY='text' ;;
    'handoff watch --user') REPLY='text' ;;
    'handoff watch --device') REPLY='text' ;;
    'handoff watch --url') REPLY='text' ;;
    'handoff watch --token-file') REPLY='file' ;;
    'handoff watch --token') REPLY='text' ;;
    'handoff watch --timeout') REPLY='text' ;;
    'handoff watch --cacert') REPLY='file' ;;
    'handoff watch --cert') REPLY='file' ;;
    'handoff watch --key') REPLY='file' ;;
    'state set --base-version') REPLY='text' ;;
    'state set --session') REPLY='text' ;;
    'state set --user') REPLY='text' ;;
    'state set --device') REPLY='text' ;;
    'state set --url') REPLY='text' ;;
    'state set --token-file') REPLY='file' ;;
    'state set --token') REPLY='text' ;;
    'state set --timeout') REPLY='text' ;;
    'state set --cacert') REPLY='file' ;;
    'state set --cert') REPLY='file' ;;
    'state set --key') REPLY='file' ;;
    'state delete --base-version') REPLY='text' ;;
    'state delete --session') REPLY='text' ;;
    'state delete --user') REPLY='text' ;;
    'state delete --device') REPLY='text' ;;
    'state delete --url') REPLY='text' ;;
    'state delete --token-file') REPLY='file' ;;
    'state delete --token') REPLY='text' ;;
    'state delete --timeout') REPLY='text' ;;
    'state delete --cacert') REPLY='file' ;;
    'state delete --cert') REPLY='file' ;;
    'state delete --key') REPLY='file' ;;
    'state merge --base-version') REPLY='text' ;;
    'state merge --session') REPLY='text' ;;
    'state merge --user') REPLY='text' ;;
    'state merge --device') REPLY='text' ;;
    'state merge --url') REPLY='text' ;;
    'state merge --token-file') REPLY='file' ;;
    'state merge --token') REPLY='text' ;;
    'state merge --timeout') REPLY='text' ;;
    'state merge --cacert') REPLY='file' ;;
    'state merge --cert') REPLY='file' ;;
    'state merge --key') REPLY='file' ;;
    'state increment --by') REPLY='text' ;;
    'state increment --base-version') REPLY='text' ;;
    'state increment --session') REPLY='text' ;;
    'state increment --user') REPLY='text' ;;
    'state increment --device') REPLY='text' ;;
    'state increment --url') REPLY='text' ;;
    'state increment --token-file') REPLY='file' ;;
    'state increment --token') REPLY='text' ;;
    'state increment --timeout') REPLY='text' ;;
    'state increment --cacert') REPLY='file' ;;
    'state increment --cert') REPLY='file' ;;
    'state increment --key') REPLY='file' ;;
    'state watch --for') REPLY='text' ;;
    'state watch --count' | 'state watch -N') REPLY='text' ;;
    'state watch --expect-json') REPLY='text' ;;
    'state watch --within') REPLY='text' ;;
    'state watch --max-attempts') REPLY='text' ;;
    'state watch --session') REPLY='text' ;;
    'state watch --user') REPLY='text' ;;
    'state watch --device') REPLY='text' ;;
    'state watch --url') REPLY='text' ;;
    'state watch --token-file') REPLY='file' ;;
    'state watch --token') REPLY='text' ;;
    'state watch --timeout') REPLY='text' ;;
    'state watch --cacert') REPLY='file' ;;
    'state watch --cert') REPLY='file' ;;
    'state watch --key') REPLY='file' ;;
    'subscribe --since') REPLY='text' ;;
    'subscribe --for') REPLY='text' ;;
    'subscribe --count' | 'subscribe -N') REPLY='text' ;;
    'subscribe --expect-json') REPLY='text' ;;
    'subscribe --expect-none') REPLY='text' ;;
    'subscribe --expect-close') REPLY='text' ;;
    'subscribe --within') REPLY='text' ;;
    'subscribe --max-attempts') REPLY='text' ;;
    'subscribe --url') REPLY='text' ;;
    'subscribe --token-file') REPLY='file' ;;
    'subscribe --token') REPLY='text' ;;
    'subscribe --api-key-file') REPLY='file' ;;
    'subscribe --api-key') REPLY='text' ;;
    'subscribe --timeout') REPLY='text' ;;
    'subscribe --cacert') REPLY='file' ;;
    'subscribe --cert') REPLY='file' ;;
    'subscribe --key') REPLY='file' ;;
    'publish --user') REPLY='text' ;;
    'publish --connection') REPLY='text' ;;
    'publish --exclude') REPLY='text' ;;
    'publish --type') REPLY='text' ;;
    'publish --expect-json') REPLY='text' ;;
    'publish --url') REPLY='text' ;;
    'publish --token-file') REPLY='file' ;;
    'publish --token') REPLY='text' ;;
    'publish --api-key-file') REPLY='file' ;;
    'publish --api-key') REPLY='text' ;;
    'publish --timeout') REPLY='text' ;;
    'publish --cacert') REPLY='file' ;;
    'publish --cert') REPLY='file' ;;
    'publish --key') REPLY='file' ;;
    'notify alert --level') REPLY='words info warning error critical' ;;
    'notify alert --action') REPLY='text' ;;
    'notify alert --user') REPLY='text' ;;
    'notify alert --channel') REPLY='text' ;;
    'notify alert --expect-json') REPLY='text' ;;
    'notify alert --url') REPLY='text' ;;
    'notify alert --token-file') REPLY='file' ;;
    'notify alert --token') REPLY='text' ;;
    'notify alert --api-key-file') REPLY='file' ;;
    'notify alert --api-key') REPLY='text' ;;
    'notify alert --timeout') REPLY='text' ;;
    'notify alert --cacert') REPLY='file' ;;
    'notify alert --cert') REPLY='file' ;;
    'notify alert --key') REPLY='file' ;;
    'notify maintenance --start') REPLY='text' ;;
    'notify maintenance --duration') REPLY='text' ;;
    'notify maintenance --service') REPLY='text' ;;
    'notify maintenance --id') REPLY='text' ;;
    'notify maintenance --user') REPLY='text' ;;
    'notify maintenance --channel') REPLY='text' ;;
    'notify maintenance --expect-json') REPLY='text' ;;
    'notify maintenance --url') REPLY='text' ;;
    'notify maintenance --token-file') REPLY='file' ;;
    'notify maintenance --token') REPLY='text' ;;
    'notify maintenance --api-key-file') REPLY='file' ;;
    'notify maintenance --api-key') REPLY='text' ;;
    'notify maintenance --timeout') REPLY='text' ;;
    'notify maintenance --cacert') REPLY='file' ;;
    'notify maintenance --cert') REPLY='file' ;;
    'notify maintenance --key') REPLY='file' ;;
    'report status --expect-json') REPLY='text' ;;
    'report status --url') REPLY='text' ;;
    'report status --token-file') REPLY='file' ;;
    'report status --token') REPLY='text' ;;
    'report status --api-key-file') REPLY='file' ;;
    'report status --api-key') REPLY='text' ;;
    'report status --timeout') REPLY='text' ;;
    'report status --cacert') REPLY='file' ;;
    'report status --cert') REPLY='file' ;;
    'report status --key') REPLY='file' ;;
    'report progress --status') REPLY='words pending running error cancelled' ;;
    'report progress --message') REPLY='text' ;;
    'report progress --owner') REPLY='text' ;;
    'report progress --expect-json') REPLY='text' ;;
    'report progress --url') REPLY='text' ;;
    'report progress --token-file') REPLY='file' ;;
    'report progress --token') REPLY='text' ;;
    'report progress --api-key-file') REPLY='file' ;;
    'report progress --api-key') REPLY='text' ;;
    'report progress --timeout') REPLY='text' ;;
    'report progress --cacert') REPLY='file' ;;
    'report progress --cert') REPLY='file' ;;
    'report progress --key') REPLY='file' ;;
    'report complete --download-url') REPLY='text' ;;
    'report complete --format') REPLY='text' ;;
    'report complete --size') REPLY='text' ;;
    'report complete --expect-json') REPLY='text' ;;
    'report complete --url') REPLY='text' ;;
    'report complete --token-file') REPLY='file' ;;
    'report complete --token') REPLY='text' ;;
    'report complete --api-key-file') REPLY='file' ;;
    'report complete --api-key') REPLY='text' ;;
    'report complete --timeout') REPLY='text' ;;
    'report complete --cacert') REPLY='file' ;;
    'report complete --cert') REPLY='file' ;;
    'report complete --key') REPLY='file' ;;
    'report cancel --reason') REPLY='text' ;;
    'report cancel --expect-json') REPLY='text' ;;
    'report cancel --url') REPLY='text' ;;
    'report cancel --token-file') REPLY='file' ;;
    'report cancel --token') REPLY='text' ;;
    'report cancel --api-key-file') REPLY='file' ;;
    'report cancel --api-key') REPLY='text' ;;
    'report cancel --timeout') REPLY='text' ;;
    'report cancel --cacert') REPLY='file' ;;
    'report cancel --cert') REPLY='file' ;;
    'report cancel --key') REPLY='file' ;;
    'report watch --for') REPLY='text' ;;
    'report watch --expect-json') REPLY='text' ;;
    'report watch --expect-none') REPLY='text' ;;
    'report watch --within') REPLY='text' ;;
    'report watch --max-attempts') REPLY='text' ;;
    'report watch --url') REPLY='text' ;;
    'report watch --token-file') REPLY='file' ;;
    'report watch --token') REPLY='text' ;;
    'report watch --api-key-file') REPLY='file' ;;
    'report watch --api-key') REPLY='text' ;;
    'report watch --timeout') REPLY='text' ;;
    'report watch --cacert') REPLY='file' ;;
    'report watch --cert') REPLY='file' ;;
    'report watch --key') REPLY='file' ;;
    'stream push --expect-json') REPLY='text' ;;
    'stream push --url') REPLY='text' ;;
    'stream push --token-file') REPLY='file' ;;
    'stream push --token') REPLY='text' ;;
    'stream push --api-key-file') REPLY='file' ;;
    'stream push --api-key') REPLY='text' ;;
    'stream push --timeout') REPLY='text' ;;
    'stream push --cacert') REPLY='file' ;;
    'stream push --cert') REPLY='file' ;;
    'stream push --key') REPLY='file' ;;
    'stream watch --interval') REPLY='text' ;;
    'stream watch --filter') REPLY='text' ;;
    'stream watch --for') REPLY='text' ;;
    'stream watch --count' | 'stream watch -N') REPLY='text' ;;
    'stream watch --expect-json') REPLY='text' ;;
    'stream watch --expect-none') REPLY='text' ;;
    'stream watch --expect-close') REPLY='text' ;;
    'stream watch --within') REPLY='text' ;;
    'stream watch --max-attempts') REPLY='text' ;;
    'stream watch --url') REPLY='text' ;;
    'stream watch --token-file') REPLY='file' ;;
    'stream watch --token') REPLY='text' ;;
    'stream watch --api-key-file') REPLY='file' ;;
    'stream watch --api-key') REPLY='text' ;;
    'stream watch --timeout') REPLY='text' ;;
    'stream watch --cacert') REPLY='file' ;;
    'stream watch --cert') REPLY='file' ;;
    'stream watch --key') REPLY='file' ;;
    'locker emit --namespace') REPLY='text' ;;
    'locker emit --room') REPLY='text' ;;
    'locker emit --expect-json') REPLY='text' ;;
    'locker emit --url') REPLY='text' ;;
    'locker emit --session-file') REPLY='file' ;;
    'locker emit --session') REPLY='text' ;;
    'locker emit --token-file') REPLY='file' ;;
    'locker emit --token') REPLY='text' ;;
    'locker emit --api-key-file') REPLY='file' ;;
    'locker emit --api-key') REPLY='text' ;;
    'locker emit --timeout') REPLY='text' ;;
    'locker emit --cacert') REPLY='file' ;;
    'locker emit --cert') REPLY='file' ;;
    'locker emit --key') REPLY='file' ;;
    'locker emit state --idempotency-key') REPLY='text' ;;
    'locker emit state --expect-json') REPLY='text' ;;
    'locker emit state --url') REPLY='text' ;;
    'locker emit state --session-file') REPLY='file' ;;
    'locker emit state --session') REPLY='text' ;;
    'locker emit state --token-file') REPLY='file' ;;
    'locker emit state --token') REPLY='text' ;;
    'locker emit state --api-key-file') REPLY='file' ;;
    'locker emit state --api-key') REPLY='text' ;;
    'locker emit state --timeout') REPLY='text' ;;
    'locker emit state --cacert') REPLY='file' ;;
    'locker emit state --cert') REPLY='file' ;;
    'locker emit state --key') REPLY='file' ;;
    'locker emit help --locker-no') REPLY='text' ;;
    'locker emit help --note') REPLY='text' ;;
    'locker emit help --photo-url') REPLY='text' ;;
    'locker emit help --status') REPLY='text' ;;
    'locker emit help --idempotency-key') REPLY='text' ;;
    'locker emit help --expect-json') REPLY='text' ;;
    'locker emit help --url') REPLY='text' ;;
    'locker emit help --session-file') REPLY='file' ;;
    'locker emit help --session') REPLY='text' ;;
    'locker emit help --token-file') REPLY='file' ;;
    'locker emit help --token') REPLY='text' ;;
    'locker emit help --api-key-file') REPLY='file' ;;
    'locker emit help --api-key') REPLY='text' ;;
    'locker emit help --timeout') REPLY='text' ;;
    'locker emit help --cacert') REPLY='file' ;;
    'locker emit help --cert') REPLY='file' ;;
    'locker emit help --key') REPLY='file' ;;
    'locker emit help-status --idempotency-key') REPLY='text' ;;
    'locker emit help-status --expect-json') REPLY='text' ;;
    'locker emit help-status --url') REPLY='text' ;;
    'locker emit help-status --session-file') REPLY='file' ;;
    'locker emit help-status --session') REPLY='text' ;;
    'locker emit help-status --token-file') REPLY='file' ;;
    'locker emit help-status --token') REPLY='text' ;;
    'locker emit help-status --api-key-file') REPLY='file' ;;
    'locker emit help-status --api-key') REPLY='text' ;;
    'locker emit help-status --timeout') REPLY='text' ;;
    'locker emit help-status --cacert') REPLY='file' ;;
    'locker emit help-status --cert') REPLY='file' ;;
    'locker emit help-status --key') REPLY='file' ;;
    'locker emit command --locker') REPLY='text' ;;
    'locker emit command --kiosk') REPLY='text' ;;
    'locker emit command --parameters') REPLY='text' ;;
    'locker emit command --message') REPLY='text' ;;
    'locker emit command --error') REPLY='text' ;;
    'locker emit command --idempotency-key') REPLY='text' ;;
    'locker emit command --expect-json') REPLY='text' ;;
    'locker emit command --url') REPLY='text' ;;
    'locker emit command --session-file') REPLY='file' ;;
    'locker emit command --session') REPLY='text' ;;
    'locker emit command --token-file') REPLY='file' ;;
    'locker emit command --token') REPLY='text' ;;
    'locker emit command --api-key-file') REPLY='file' ;;
    'locker emit command --api-key') REPLY='text' ;;
    'locker emit command --timeout') REPLY='text' ;;
    'locker emit command --cacert') REPLY='file' ;;
    'locker emit command --cert') REPLY='file' ;;
    'locker emit command --key') REPLY='file' ;;
    'locker status --expect-json') REPLY='text' ;;
    'locker status --url') REPLY='text' ;;
    'locker status --session-file') REPLY='file' ;;
    'locker status --session') REPLY='text' ;;
    'locker status --token-file') REPLY='file' ;;
    'locker status --token') REPLY='text' ;;
    'locker status --api-key-file') REPLY='file' ;;
    'locker status --api-key') REPLY='text' ;;
    'locker status --timeout') REPLY='text' ;;
    'locker status --cacert') REPLY='file' ;;
    'locker status --cert') REPLY='file' ;;
    'locker status --key') REPLY='file' ;;
    'locker acks --expect-json') REPLY='text' ;;
    'locker acks --url') REPLY='text' ;;
    'locker acks --session-file') REPLY='file' ;;
    'locker acks --session') REPLY='text' ;;
    'locker acks --token-file') REPLY='file' ;;
    'locker acks --token') REPLY='text' ;;
    'locker acks --api-key-file') REPLY='file' ;;
    'locker acks --api-key') REPLY='text' ;;
    'locker acks --timeout') REPLY='text' ;;
    'locker acks --cacert') REPLY='file' ;;
    'locker acks --cert') REPLY='file' ;;
    'locker acks --key') REPLY='file' ;;
    'locker watch --room') REPLY='text' ;;
    'locker watch --since') REPLY='text' ;;
    'locker watch --for') REPLY='text' ;;
    'locker watch --count' | 'locker watch -N') REPLY='text' ;;
    'locker watch --expect-json') REPLY='text' ;;
    'locker watch --expect-none') REPLY='text' ;;
    'locker watch --expect-close') REPLY='text' ;;
    'locker watch --within') REPLY='text' ;;
    'locker watch --max-attempts') REPLY='text' ;;
    'locker watch --url') REPLY='text' ;;
    'locker watch --session-file') REPLY='file' ;;
    'locker watch --session') REPLY='text' ;;
    'locker watch --token-file') REPLY='file' ;;
    'locker watch --token') REPLY='text' ;;
    'locker watch --api-key-file') REPLY='file' ;;
    'locker watch --api-key') REPLY='text' ;;
    'locker watch --timeout') REPLY='text' ;;
    'locker watch --cacert') REPLY='file' ;;
    'locker watch --cert') REPLY='file' ;;
    'locker watch --key') REPLY='file' ;;
    'locker join --namespace') REPLY='text' ;;
    'locker join --since') REPLY='text' ;;
    'locker join --for') REPLY='text' ;;
    'locker join --count' | 'locker join -N') REPLY='text' ;;
    'locker join --expect-json') REPLY='text' ;;
    'locker join --expect-none') REPLY='text' ;;
    'locker join --expect-close') REPLY='text' ;;
    'locker join --within') REPLY='text' ;;
    'locker join --max-attempts') REPLY='text' ;;
    'locker join --url') REPLY='text' ;;
    'locker join --session-file') REPLY='file' ;;
    'locker join --session') REPLY='text' ;;
    'locker join --token-file') REPLY='file' ;;
    'locker join --token') REPLY='text' ;;
    'locker join --api-key-file') REPLY='file' ;;
    'locker join --api-key') REPLY='text' ;;
    'locker join --timeout') REPLY='text' ;;
    'locker join --cacert') REPLY='file' ;;
    'locker join --cert') REPLY='file' ;;
    'locker join --key') REPLY='file' ;;
    'locker ack --expect-json') REPLY='text' ;;
    'locker ack --url') REPLY='text' ;;
    'locker ack --session-file') REPLY='file' ;;
    'locker ack --session') REPLY='text' ;;
    'locker ack --token-file') REPLY='file' ;;
    'locker ack --token') REPLY='text' ;;
    'locker ack --api-key-file') REPLY='file' ;;
    'locker ack --api-key') REPLY='text' ;;
    'locker ack --timeout') REPLY='text' ;;
    'locker ack --cacert') REPLY='file' ;;
    'locker ack --cert') REPLY='file' ;;
    'locker ack --key') REPLY='file' ;;
    'session create --user') REPLY='text' ;;
    'session create --role') REPLY='text' ;;
    'session create --namespace') REPLY='text' ;;
    'session create --kiosk') REPLY='text' ;;
    'session create --ttl') REPLY='text' ;;
    'session create --expect-json') REPLY='text' ;;
    'session create --url') REPLY='text' ;;
    'session create --token-file') REPLY='file' ;;
    'session create --token') REPLY='text' ;;
    'session create --api-key-file') REPLY='file' ;;
    'session create --api-key') REPLY='text' ;;
    'session create --timeout') REPLY='text' ;;
    'session create --cacert') REPLY='file' ;;
    'session create --cert') REPLY='file' ;;
    'session create --key') REPLY='file' ;;
    'session list --where') REPLY='text' ;;
    'session list --sort') REPLY='text' ;;
    'session list --limit') REPLY='text' ;;
    'session list --columns') REPLY='text' ;;
    'session list --expect-json') REPLY='text' ;;
    'session list --url') REPLY='text' ;;
    'session list --token-file') REPLY='file' ;;
    'session list --token') REPLY='text' ;;
    'session list --api-key-file') REPLY='file' ;;
    'session list --api-key') REPLY='text' ;;
    'session list --timeout') REPLY='text' ;;
    'session list --cacert') REPLY='file' ;;
    'session list --cert') REPLY='file' ;;
    'session list --key') REPLY='file' ;;
    'session revoke --expect-json') REPLY='text' ;;
    'session revoke --url') REPLY='text' ;;
    'session revoke --token-file') REPLY='file' ;;
    'session revoke --token') REPLY='text' ;;
    'session revoke --api-key-file') REPLY='file' ;;
    'session revoke --api-key') REPLY='text' ;;
    'session revoke --timeout') REPLY='text' ;;
    'session revoke --cacert') REPLY='file' ;;
    'session revoke --cert') REPLY='file' ;;
    'session revoke --key') REPLY='file' ;;
    'board list --where') REPLY='text' ;;
    'board list --sort') REPLY='text' ;;
    'board list --limit') REPLY='text' ;;
    'board list --columns') REPLY='text' ;;
    'board list --expect-json') REPLY='text' ;;
    'board list --url') REPLY='text' ;;
    'board list --token-file') REPLY='file' ;;
    'board list --token') REPLY='text' ;;
    'board list --api-key-file') REPLY='file' ;;
    'board list --api-key') REPLY='text' ;;
    'board list --timeout') REPLY='text' ;;
    'board list --cacert') REPLY='file' ;;
    'board list --cert') REPLY='file' ;;
    'board list --key') REPLY='file' ;;
    'board flush --expect-json') REPLY='text' ;;
    'board flush --url') REPLY='text' ;;
    'board flush --token-file') REPLY='file' ;;
    'board flush --token') REPLY='text' ;;
    'board flush --api-key-file') REPLY='file' ;;
    'board flush --api-key') REPLY='text' ;;
    'board flush --timeout') REPLY='text' ;;
    'board flush --cacert') REPLY='file' ;;
    'board flush --cert') REPLY='file' ;;
    'board flush --key') REPLY='file' ;;
    'board watch --view') REPLY='words canvas list' ;;
    'board watch --for') REPLY='text' ;;
    'board watch --count' | 'board watch -N') REPLY='text' ;;
    'board watch --expect-json') REPLY='text' ;;
    'board watch --expect-none') REPLY='text' ;;
    'board watch --expect-close') REPLY='text' ;;
    'board watch --within') REPLY='text' ;;
    'board watch --max-attempts') REPLY='text' ;;
    'board watch --user') REPLY='text' ;;
    'board watch --room') REPLY='text' ;;
    'board watch --url') REPLY='text' ;;
    'board watch --token-file') REPLY='file' ;;
    'board watch --token') REPLY='text' ;;
    'board watch --timeout') REPLY='text' ;;
    'board watch --cacert') REPLY='file' ;;
    'board watch --cert') REPLY='file' ;;
    'board watch --key') REPLY='file' ;;
    'board draw --width') REPLY='text' ;;
    'board draw --height') REPLY='text' ;;
    'board draw --text') REPLY='text' ;;
    'board draw --fill') REPLY='text' ;;
    'board draw --stroke') REPLY='text' ;;
    'board draw --rotation') REPLY='text' ;;
    'board draw --expect-json') REPLY='text' ;;
    'board draw --user') REPLY='text' ;;
    'board draw --room') REPLY='text' ;;
    'board draw --url') REPLY='text' ;;
    'board draw --token-file') REPLY='file' ;;
    'board draw --token') REPLY='text' ;;
    'board draw --timeout') REPLY='text' ;;
    'board draw --cacert') REPLY='file' ;;
    'board draw --cert') REPLY='file' ;;
    'board draw --key') REPLY='file' ;;
    'board move --width') REPLY='text' ;;
    'board move --height') REPLY='text' ;;
    'board move --text') REPLY='text' ;;
    'board move --fill') REPLY='text' ;;
    'board move --stroke') REPLY='text' ;;
    'board move --rotation') REPLY='text' ;;
    'board move --expect-json') REPLY='text' ;;
    'board move --user') REPLY='text' ;;
    'board move --room') REPLY='text' ;;
    'board move --url') REPLY='text' ;;
    'board move --token-file') REPLY='file' ;;
    'board move --token') REPLY='text' ;;
    'board move --timeout') REPLY='text' ;;
    'board move --cacert') REPLY='file' ;;
    'board move --cert') REPLY='file' ;;
    'board move --key') REPLY='file' ;;
    'board delete --expect-json') REPLY='text' ;;
    'board delete --user') REPLY='text' ;;
    'board delete --room') REPLY='text' ;;
    'board delete --url') REPLY='text' ;;
    'board delete --token-file') REPLY='file' ;;
    'board delete --token') REPLY='text' ;;
    'board delete --timeout') REPLY='text' ;;
    'board delete --cacert') REPLY='file' ;;
    'board delete --cert') REPLY='file' ;;
    'board delete --key') REPLY='file' ;;
    'board cursor --path') REPLY='file' ;;
    'board cursor --rate') REPLY='text' ;;
    'board cursor --for') REPLY='text' ;;
    'board cursor --expect-json') REPLY='text' ;;
    'board cursor --user') REPLY='text' ;;
    'board cursor --room') REPLY='text' ;;
    'board cursor --url') REPLY='text' ;;
    'board cursor --token-file') REPLY='file' ;;
    'board cursor --token') REPLY='text' ;;
    'board cursor --timeout') REPLY='text' ;;
    'board cursor --cacert') REPLY='file' ;;
    'board cursor --cert') REPLY='file' ;;
    'board cursor --key') REPLY='file' ;;
    'board export --format') REPLY='words json svg' ;;
    'board export --output' | 'board export -o') REPLY='file' ;;
    'board export --expect-json') REPLY='text' ;;
    'board export --user') REPLY='text' ;;
    'board export --room') REPLY='text' ;;
    'board export --url') REPLY='text' ;;
    'board export --token-file') REPLY='file' ;;
    'board export --token') REPLY='text' ;;
    'board export --timeout') REPLY='text' ;;
    'board export --cacert') REPLY='file' ;;
    'board export --cert') REPLY='file' ;;
    'board export --key') REPLY='file' ;;
    'board import --rate') REPLY='text' ;;
    'board import --expect-json') REPLY='text' ;;
    'board import --user') REPLY='text' ;;
    'board import --room') REPLY='text' ;;
    'board import --url') REPLY='text' ;;
    'board import --token-file') REPLY='file' ;;
    'board import --token') REPLY='text' ;;
    'board import --timeout') REPLY='text' ;;
    'board import --cacert') REPLY='file' ;;
    'board import --cert') REPLY='file' ;;
    'board import --key') REPLY='file' ;;
    'admin connections --where') REPLY='text' ;;
    'admin connections --sort') REPLY='text' ;;
    'admin connections --limit') REPLY='text' ;;
    'admin connections --columns') REPLY='text' ;;
    'admin connections --expect-json') REPLY='text' ;;
    'admin connections --url') REPLY='text' ;;
    'admin connections --token-file') REPLY='file' ;;
    'admin connections --token') REPLY='text' ;;
    'admin connections --api-key-file') REPLY='file' ;;
    'admin connections --api-key') REPLY='text' ;;
    'admin connections --timeout') REPLY='text' ;;
    'admin connections --cacert') REPLY='file' ;;
    'admin connections --cert') REPLY='file' ;;
    'admin connections --key') REPLY='file' ;;
    'admin sessions --where') REPLY='text' ;;
    'admin sessions --sort') REPLY='text' ;;
    'admin sessions --limit') REPLY='text' ;;
    'admin sessions --columns') REPLY='text' ;;
    'admin sessions --expect-json') REPLY='text' ;;
    'admin sessions --url') REPLY='text' ;;
    'admin sessions --token-file') REPLY='file' ;;
    'admin sessions --token') REPLY='text' ;;
    'admin sessions --api-key-file') REPLY='file' ;;
    'admin sessions --api-key') REPLY='text' ;;
    'admin sessions --timeout') REPLY='text' ;;
    'admin sessions --cacert') REPLY='file' ;;
    'admin sessions --cert') REPLY='file' ;;
    'admin sessions --key') REPLY='file' ;;
    'admin channels --where') REPLY='text' ;;
    'admin channels --sort') REPLY='text' ;;
    'admin channels --limit') REPLY='text' ;;
    'admin channels --columns') REPLY='text' ;;
    'admin channels --expect-json') REPLY='text' ;;
    'admin channels --url') REPLY='text' ;;
    'admin channels --token-file') REPLY='file' ;;
    'admin channels --token') REPLY='text' ;;
    'admin channels --api-key-file') REPLY='file' ;;
    'admin channels --api-key') REPLY='text' ;;
    'admin channels --timeout') REPLY='text' ;;
    'admin channels --cacert') REPLY='file' ;;
    'admin channels --cert') REPLY='file' ;;
    'admin channels --key') REPLY='file' ;;
    'admin closed --where') REPLY='text' ;;
    'admin closed --sort') REPLY='text' ;;
    'admin closed --limit') REPLY='text' ;;
    'admin closed --columns') REPLY='text' ;;
    'admin closed --expect-json') REPLY='text' ;;
    'admin closed --url') REPLY='text' ;;
    'admin closed --token-file') REPLY='file' ;;
    'admin closed --token') REPLY='text' ;;
    'admin closed --api-key-file') REPLY='file' ;;
    'admin closed --api-key') REPLY='text' ;;
    'admin closed --timeout') REPLY='text' ;;
    'admin closed --cacert') REPLY='file' ;;
    'admin closed --cert') REPLY='file' ;;
    'admin closed --key') REPLY='file' ;;
    'admin slow --where') REPLY='text' ;;
    'admin slow --sort') REPLY='text' ;;
    'admin slow --limit') REPLY='text' ;;
    'admin slow --columns') REPLY='text' ;;
    'admin slow --expect-json') REPLY='text' ;;
    'admin slow --url') REPLY='text' ;;
    'admin slow --token-file') REPLY='file' ;;
    'admin slow --token') REPLY='text' ;;
    'admin slow --api-key-file') REPLY='file' ;;
    'admin slow --api-key') REPLY='text' ;;
    'admin slow --timeout') REPLY='text' ;;
    'admin slow --cacert') REPLY='file' ;;
    'admin slow --cert') REPLY='file' ;;
    'admin slow --key') REPLY='file' ;;
    'admin revocations --where') REPLY='text' ;;
    'admin revocations --sort') REPLY='text' ;;
    'admin revocations --limit') REPLY='text' ;;
    'admin revocations --columns') REPLY='text' ;;
    'admin revocations --expect-json') REPLY='text' ;;
    'admin revocations --url') REPLY='text' ;;
    'admin revocations --token-file') REPLY='file' ;;
    'admin revocations --token') REPLY='text' ;;
    'admin revocations --api-key-file') REPLY='file' ;;
    'admin revocations --api-key') REPLY='text' ;;
    'admin revocations --timeout') REPLY='text' ;;
    'admin revocations --cacert') REPLY='file' ;;
    'admin revocations --cert') REPLY='file' ;;
    'admin revocations --key') REPLY='file' ;;
    'admin metrics --expect-json') REPLY='text' ;;
    'admin metrics --url') REPLY='text' ;;
    'admin metrics --token-file') REPLY='file' ;;
    'admin metrics --token') REPLY='text' ;;
    'admin metrics --api-key-file') REPLY='file' ;;
    'admin metrics --api-key') REPLY='text' ;;
    'admin metrics --timeout') REPLY='text' ;;
    'admin metrics --cacert') REPLY='file' ;;
    'admin metrics --cert') REPLY='file' ;;
    'admin metrics --key') REPLY='file' ;;
    'admin status --expect-json') REPLY='text' ;;
    'admin status --url') REPLY='text' ;;
    'admin status --token-file') REPLY='file' ;;
    'admin status --token') REPLY='text' ;;
    'admin status --api-key-file') REPLY='file' ;;
    'admin status --api-key') REPLY='text' ;;
    'admin status --timeout') REPLY='text' ;;
    'admin status --cacert') REPLY='file' ;;
    'admin status --cert') REPLY='file' ;;
    'admin status --key') REPLY='file' ;;
    'admin kick --user') REPLY='text' ;;
    'admin kick --where') REPLY='text' ;;
    'admin kick --code') REPLY='words 4410 4513' ;;
    'admin kick --url') REPLY='text' ;;
    'admin kick --token-file') REPLY='file' ;;
    'admin kick --token') REPLY='text' ;;
    'admin kick --api-key-file') REPLY='file' ;;
    'admin kick --api-key') REPLY='text' ;;
    'admin kick --timeout') REPLY='text' ;;
    'admin kick --cacert') REPLY='file' ;;
    'admin kick --cert') REPLY='file' ;;
    'admin kick --key') REPLY='file' ;;
    'admin broadcast --target') REPLY='text' ;;
    'admin broadcast --type') REPLY='text' ;;
    'admin broadcast --data') REPLY='text' ;;
    'admin broadcast --url') REPLY='text' ;;
    'admin broadcast --token-file') REPLY='file' ;;
    'admin broadcast --token') REPLY='text' ;;
    'admin broadcast --api-key-file') REPLY='file' ;;
    'admin broadcast --api-key') REPLY='text' ;;
    'admin broadcast --timeout') REPLY='text' ;;
    'admin broadcast --cacert') REPLY='file' ;;
    'admin broadcast --cert') REPLY='file' ;;
    'admin broadcast --key') REPLY='file' ;;
    'admin publish --type') REPLY='text' ;;
    'admin publish --expect-json') REPLY='text' ;;
    'admin publish --url') REPLY='text' ;;
    'admin publish --token-file') REPLY='file' ;;
    'admin publish --token') REPLY='text' ;;
    'admin publish --api-key-file') REPLY='file' ;;
    'admin publish --api-key') REPLY='text' ;;
    'admin publish --timeout') REPLY='text' ;;
    'admin publish --cacert') REPLY='file' ;;
    'admin publish --cert') REPLY='file' ;;
    'admin publish --key') REPLY='file' ;;
    'admin presence --expect-json') REPLY='text' ;;
    'admin presence --url') REPLY='text' ;;
    'admin presence --token-file') REPLY='file' ;;
    'admin presence --token') REPLY='text' ;;
    'admin presence --api-key-file') REPLY='file' ;;
    'admin presence --api-key') REPLY='text' ;;
    'admin presence --timeout') REPLY='text' ;;
    'admin presence --cacert') REPLY='file' ;;
    'admin presence --cert') REPLY='file' ;;
    'admin presence --key') REPLY='file' ;;
    'admin history --expect-json') REPLY='text' ;;
    'admin history --url') REPLY='text' ;;
    'admin history --token-file') REPLY='file' ;;
    'admin history --token') REPLY='text' ;;
    'admin history --api-key-file') REPLY='file' ;;
    'admin history --api-key') REPLY='text' ;;
    'admin history --timeout') REPLY='text' ;;
    'admin history --cacert') REPLY='file' ;;
    'admin history --cert') REPLY='file' ;;
    'admin history --key') REPLY='file' ;;
    'admin revoke --user') REPLY='text' ;;
    'admin revoke --jti') REPLY='text' ;;
    'admin revoke --session') REPLY='text' ;;
    'admin revoke --issued-before') REPLY='text' ;;
    'admin revoke --url') REPLY='text' ;;
    'admin revoke --token-file') REPLY='file' ;;
    'admin revoke --token') REPLY='text' ;;
    'admin revoke --api-key-file') REPLY='file' ;;
    'admin revoke --api-key') REPLY='text' ;;
    'admin revoke --timeout') REPLY='text' ;;
    'admin revoke --cacert') REPLY='file' ;;
    'admin revoke --cert') REPLY='file' ;;
    'admin revoke --key') REPLY='file' ;;
    'admin lift --url') REPLY='text' ;;
    'admin lift --token-file') REPLY='file' ;;
    'admin lift --token') REPLY='text' ;;
    'admin lift --api-key-file') REPLY='file' ;;
    'admin lift --api-key') REPLY='text' ;;
    'admin lift --timeout') REPLY='text' ;;
    'admin lift --cacert') REPLY='file' ;;
    'admin lift --cert') REPLY='file' ;;
    'admin lift --key') REPLY='file' ;;
    'admin trace --for') REPLY='text' ;;
    'admin trace --count' | 'admin trace -N') REPLY='text' ;;
    'admin trace --url') REPLY='text' ;;
    'admin trace --token-file') REPLY='file' ;;
    'admin trace --token') REPLY='text' ;;
    'admin trace --api-key-file') REPLY='file' ;;
    'admin trace --api-key') REPLY='text' ;;
    'admin trace --timeout') REPLY='text' ;;
    'admin trace --cacert') REPLY='file' ;;
    'admin trace --cert') REPLY='file' ;;
    'admin trace --key') REPLY='file' ;;
    'admin drain --url') REPLY='text' ;;
    'admin drain --token-file') REPLY='file' ;;
    'admin drain --token') REPLY='text' ;;
    'admin drain --api-key-file') REPLY='file' ;;
    'admin drain --api-key') REPLY='text' ;;
    'admin drain --timeout') REPLY='text' ;;
    'admin drain --cacert') REPLY='file' ;;
    'admin drain --cert') REPLY='file' ;;
    'admin drain --key') REPLY='file' ;;
    'admin undrain --url') REPLY='text' ;;
    'admin undrain --token-file') REPLY='file' ;;
    'admin undrain --token') REPLY='text' ;;
    'admin undrain --api-key-file') REPLY='file' ;;
    'admin undrain --api-key') REPLY='text' ;;
    'admin undrain --timeout') REPLY='text' ;;
    'admin undrain --cacert') REPLY='file' ;;
    'admin undrain --cert') REPLY='file' ;;
    'admin undrain --key') REPLY='file' ;;
    'admin reload --url') REPLY='text' ;;
    'admin reload --token-file') REPLY='file' ;;
    'admin reload --token') REPLY='text' ;;
    'admin reload --api-key-file') REPLY='file' ;;
    'admin reload --api-key') REPLY='text' ;;
    'admin reload --timeout') REPLY='text' ;;
    'admin reload --cacert') REPLY='file' ;;
    'admin reload --cert') REPLY='file' ;;
    'admin reload --key') REPLY='file' ;;
    'admin config --url') REPLY='text' ;;
    'admin config --token-file') REPLY='file' ;;
    'admin config --token') REPLY='text' ;;
    'admin config --api-key-file') REPLY='file' ;;
    'admin config --api-key') REPLY='text' ;;
    'admin config --timeout') REPLY='text' ;;
    'admin config --cacert') REPLY='file' ;;
    'admin config --cert') REPLY='file' ;;
    'admin config --key') REPLY='file' ;;
    'console --command' | 'console -c') REPLY='text' ;;
    'console --file' | 'console -f') REPLY='file' ;;
    'console --history') REPLY='file' ;;
    'console --url') REPLY='text' ;;
    'console --token-file') REPLY='file' ;;
    'console --token') REPLY='text' ;;
    'console --api-key-file') REPLY='file' ;;
    'console --api-key') REPLY='text' ;;
    'console --timeout') REPLY='text' ;;
    'console --cacert') REPLY='file' ;;
    'console --cert') REPLY='file' ;;
    'console --key') REPLY='file' ;;
    'token issue --user') REPLY='text' ;;
    'token issue --session') REPLY='text' ;;
    'token issue --device') REPLY='text' ;;
    'token issue --role') REPLY='text' ;;
    'token issue --room') REPLY='text' ;;
    'token issue --scope') REPLY='text' ;;
    'token issue --ttl') REPLY='text' ;;
    'token issue --refresh-ttl') REPLY='text' ;;
    'token issue --issuer') REPLY='text' ;;
    'token issue --audience') REPLY='text' ;;
    'token issue --algorithm') REPLY='words hs256 hs384 hs512' ;;
    'token issue --private-key') REPLY='file' ;;
    'token issue --kid') REPLY='text' ;;
    'token issue --secret-file') REPLY='file' ;;
    'token issue --data-dir') REPLY='directory' ;;
    'token verify --jwt-keys') REPLY='text' ;;
    'token verify --jwt-issuer') REPLY='text' ;;
    'token verify --jwt-audience') REPLY='text' ;;
    'token verify --secret-file') REPLY='file' ;;
    'token verify --data-dir') REPLY='directory' ;;
    'token refresh --url') REPLY='text' ;;
    'token refresh --token-file') REPLY='file' ;;
    'token refresh --token') REPLY='text' ;;
    'token refresh --api-key-file') REPLY='file' ;;
    'token refresh --api-key') REPLY='text' ;;
    'token refresh --timeout') REPLY='text' ;;
    'token refresh --cacert') REPLY='file' ;;
    'token refresh --cert') REPLY='file' ;;
    'token refresh --key') REPLY='file' ;;
    'token revoke --url') REPLY='text' ;;
    'token revoke --token-file') REPLY='file' ;;
    'token revoke --token') REPLY='text' ;;
    'token revoke --api-key-file') REPLY='file' ;;
    'token revoke --api-key') REPLY='text' ;;
    'token revoke --timeout') REPLY='text' ;;
    'token revoke --cacert') REPLY='file' ;;
    'token revoke --cert') REPLY='file' ;;
    'token revoke --key') REPLY='file' ;;
    'token api-key --role') REPLY='text' ;;
    'bench --connections' | 'bench -c') REPLY='text' ;;
    'bench --duration' | 'bench -d') REPLY='text' ;;
    'bench --warm-up') REPLY='text' ;;
    'bench --connect-rate') REPLY='text' ;;
    'bench --bind') REPLY='text' ;;
    'bench --timeout') REPLY='text' ;;
    'bench --header' | 'bench -H') REPLY='text' ;;
    'bench --cacert') REPLY='file' ;;
    'bench --cert') REPLY='file' ;;
    'bench --key') REPLY='file' ;;
    'bench --admin') REPLY='text' ;;
    'bench --threads') REPLY='text' ;;
    'bench --processes') REPLY='text' ;;
    'bench --seed') REPLY='text' ;;
    'bench --runs') REPLY='text' ;;
    'bench --vs') REPLY='text' ;;
    'bench --assert') REPLY='text' ;;
    'bench --csv') REPLY='file' ;;
    'bench --series') REPLY='file' ;;
    'bench --markdown') REPLY='file' ;;
    'bench --html') REPLY='file' ;;
    'bench --hdr') REPLY='file' ;;
    'bench --progress') REPLY='words auto always never' ;;
    'bench echo --size' | 'bench echo -s') REPLY='text' ;;
    'bench echo --rate' | 'bench echo -R') REPLY='text' ;;
    'bench echo --stages') REPLY='text' ;;
    'bench echo --jitter') REPLY='text' ;;
    'bench echo --depth') REPLY='text' ;;
    'bench echo --find-max') REPLY='text' ;;
    'bench echo --connections' | 'bench echo -c') REPLY='text' ;;
    'bench echo --duration' | 'bench echo -d') REPLY='text' ;;
    'bench echo --warm-up') REPLY='text' ;;
    'bench echo --connect-rate') REPLY='text' ;;
    'bench echo --bind') REPLY='text' ;;
    'bench echo --timeout') REPLY='text' ;;
    'bench echo --header' | 'bench echo -H') REPLY='text' ;;
    'bench echo --cacert') REPLY='file' ;;
    'bench echo --cert') REPLY='file' ;;
    'bench echo --key') REPLY='file' ;;
    'bench echo --admin') REPLY='text' ;;
    'bench echo --threads') REPLY='text' ;;
    'bench echo --processes') REPLY='text' ;;
    'bench echo --seed') REPLY='text' ;;
    'bench echo --runs') REPLY='text' ;;
    'bench echo --vs') REPLY='text' ;;
    'bench echo --assert') REPLY='text' ;;
    'bench echo --csv') REPLY='file' ;;
    'bench echo --series') REPLY='file' ;;
    'bench echo --markdown') REPLY='file' ;;
    'bench echo --html') REPLY='file' ;;
    'bench echo --hdr') REPLY='file' ;;
    'bench echo --progress') REPLY='words auto always never' ;;
    'bench connect --rate' | 'bench connect -R') REPLY='text' ;;
    'bench connect --stages') REPLY='text' ;;
    'bench connect --jitter') REPLY='text' ;;
    'bench connect --find-max') REPLY='text' ;;
    'bench connect --connections' | 'bench connect -c') REPLY='text' ;;
    'bench connect --duration' | 'bench connect -d') REPLY='text' ;;
    'bench connect --warm-up') REPLY='text' ;;
    'bench connect --connect-rate') REPLY='text' ;;
    'bench connect --bind') REPLY='text' ;;
    'bench connect --timeout') REPLY='text' ;;
    'bench connect --header' | 'bench connect -H') REPLY='text' ;;
    'bench connect --cacert') REPLY='file' ;;
    'bench connect --cert') REPLY='file' ;;
    'bench connect --key') REPLY='file' ;;
    'bench connect --admin') REPLY='text' ;;
    'bench connect --threads') REPLY='text' ;;
    'bench connect --processes') REPLY='text' ;;
    'bench connect --seed') REPLY='text' ;;
    'bench connect --runs') REPLY='text' ;;
    'bench connect --vs') REPLY='text' ;;
    'bench connect --assert') REPLY='text' ;;
    'bench connect --csv') REPLY='file' ;;
    'bench connect --series') REPLY='file' ;;
    'bench connect --markdown') REPLY='file' ;;
    'bench connect --html') REPLY='file' ;;
    'bench connect --hdr') REPLY='file' ;;
    'bench connect --progress') REPLY='words auto always never' ;;
    'bench idle --connections' | 'bench idle -c') REPLY='text' ;;
    'bench idle --duration' | 'bench idle -d') REPLY='text' ;;
    'bench idle --warm-up') REPLY='text' ;;
    'bench idle --connect-rate') REPLY='text' ;;
    'bench idle --bind') REPLY='text' ;;
    'bench idle --timeout') REPLY='text' ;;
    'bench idle --header' | 'bench idle -H') REPLY='text' ;;
    'bench idle --cacert') REPLY='file' ;;
    'bench idle --cert') REPLY='file' ;;
    'bench idle --key') REPLY='file' ;;
    'bench idle --admin') REPLY='text' ;;
    'bench idle --threads') REPLY='text' ;;
    'bench idle --processes') REPLY='text' ;;
    'bench idle --seed') REPLY='text' ;;
    'bench idle --runs') REPLY='text' ;;
    'bench idle --vs') REPLY='text' ;;
    'bench idle --assert') REPLY='text' ;;
    'bench idle --csv') REPLY='file' ;;
    'bench idle --series') REPLY='file' ;;
    'bench idle --markdown') REPLY='file' ;;
    'bench idle --html') REPLY='file' ;;
    'bench idle --hdr') REPLY='file' ;;
    'bench idle --progress') REPLY='words auto always never' ;;
    'bench heartbeat --every') REPLY='text' ;;
    'bench heartbeat --rate' | 'bench heartbeat -R') REPLY='text' ;;
    'bench heartbeat --stages') REPLY='text' ;;
    'bench heartbeat --jitter') REPLY='text' ;;
    'bench heartbeat --depth') REPLY='text' ;;
    'bench heartbeat --find-max') REPLY='text' ;;
    'bench heartbeat --connections' | 'bench heartbeat -c') REPLY='text' ;;
    'bench heartbeat --duration' | 'bench heartbeat -d') REPLY='text' ;;
    'bench heartbeat --warm-up') REPLY='text' ;;
    'bench heartbeat --connect-rate') REPLY='text' ;;
    'bench heartbeat --bind') REPLY='text' ;;
    'bench heartbeat --timeout') REPLY='text' ;;
    'bench heartbeat --header' | 'bench heartbeat -H') REPLY='text' ;;
    'bench heartbeat --cacert') REPLY='file' ;;
    'bench heartbeat --cert') REPLY='file' ;;
    'bench heartbeat --key') REPLY='file' ;;
    'bench heartbeat --admin') REPLY='text' ;;
    'bench heartbeat --threads') REPLY='text' ;;
    'bench heartbeat --processes') REPLY='text' ;;
    'bench heartbeat --seed') REPLY='text' ;;
    'bench heartbeat --runs') REPLY='text' ;;
    'bench heartbeat --vs') REPLY='text' ;;
    'bench heartbeat --assert') REPLY='text' ;;
    'bench heartbeat --csv') REPLY='file' ;;
    'bench heartbeat --series') REPLY='file' ;;
    'bench heartbeat --markdown') REPLY='file' ;;
    'bench heartbeat --html') REPLY='file' ;;
    'bench heartbeat --hdr') REPLY='file' ;;
    'bench heartbeat --progress') REPLY='words auto always never' ;;
    'bench register --rate' | 'bench register -R') REPLY='text' ;;
    'bench register --stages') REPLY='text' ;;
    'bench register --jitter') REPLY='text' ;;
    'bench register --depth') REPLY='text' ;;
    'bench register --find-max') REPLY='text' ;;
    'bench register --connections' | 'bench register -c') REPLY='text' ;;
    'bench register --duration' | 'bench register -d') REPLY='text' ;;
    'bench register --warm-up') REPLY='text' ;;
    'bench register --connect-rate') REPLY='text' ;;
    'bench register --bind') REPLY='text' ;;
    'bench register --timeout') REPLY='text' ;;
    'bench register --header' | 'bench register -H') REPLY='text' ;;
    'bench register --cacert') REPLY='file' ;;
    'bench register --cert') REPLY='file' ;;
    'bench register --key') REPLY='file' ;;
    'bench register --admin') REPLY='text' ;;
    'bench register --threads') REPLY='text' ;;
    'bench register --processes') REPLY='text' ;;
    'bench register --seed') REPLY='text' ;;
    'bench register --runs') REPLY='text' ;;
    'bench register --vs') REPLY='text' ;;
    'bench register --assert') REPLY='text' ;;
    'bench register --csv') REPLY='file' ;;
    'bench register --series') REPLY='file' ;;
    'bench register --markdown') REPLY='file' ;;
    'bench register --html') REPLY='file' ;;
    'bench register --hdr') REPLY='file' ;;
    'bench register --progress') REPLY='words auto always never' ;;
    'bench storm --drop-at') REPLY='text' ;;
    'bench storm --connections' | 'bench storm -c') REPLY='text' ;;
    'bench storm --duration' | 'bench storm -d') REPLY='text' ;;
    'bench storm --warm-up') REPLY='text' ;;
    'bench storm --connect-rate') REPLY='text' ;;
    'bench storm --bind') REPLY='text' ;;
    'bench storm --timeout') REPLY='text' ;;
    'bench storm --header' | 'bench storm -H') REPLY='text' ;;
    'bench storm --cacert') REPLY='file' ;;
    'bench storm --cert') REPLY='file' ;;
    'bench storm --key') REPLY='file' ;;
    'bench storm --admin') REPLY='text' ;;
    'bench storm --threads') REPLY='text' ;;
    'bench storm --processes') REPLY='text' ;;
    'bench storm --seed') REPLY='text' ;;
    'bench storm --runs') REPLY='text' ;;
    'bench storm --vs') REPLY='text' ;;
    'bench storm --assert') REPLY='text' ;;
    'bench storm --csv') REPLY='file' ;;
    'bench storm --series') REPLY='file' ;;
    'bench storm --markdown') REPLY='file' ;;
    'bench storm --html') REPLY='file' ;;
    'bench storm --hdr') REPLY='file' ;;
    'bench storm --progress') REPLY='words auto always never' ;;
    'bench slow --slow') REPLY='text' ;;
    'bench slow --read-rate') REPLY='text' ;;
    'bench slow --size' | 'bench slow -s') REPLY='text' ;;
    'bench slow --rate' | 'bench slow -R') REPLY='text' ;;
    'bench slow --stages') REPLY='text' ;;
    'bench slow --jitter') REPLY='text' ;;
    'bench slow --depth') REPLY='text' ;;
    'bench slow --find-max') REPLY='text' ;;
    'bench slow --connections' | 'bench slow -c') REPLY='text' ;;
    'bench slow --duration' | 'bench slow -d') REPLY='text' ;;
    'bench slow --warm-up') REPLY='text' ;;
    'bench slow --connect-rate') REPLY='text' ;;
    'bench slow --bind') REPLY='text' ;;
    'bench slow --timeout') REPLY='text' ;;
    'bench slow --header' | 'bench slow -H') REPLY='text' ;;
    'bench slow --cacert') REPLY='file' ;;
    'bench slow --cert') REPLY='file' ;;
    'bench slow --key') REPLY='file' ;;
    'bench slow --admin') REPLY='text' ;;
    'bench slow --threads') REPLY='text' ;;
    'bench slow --processes') REPLY='text' ;;
    'bench slow --seed') REPLY='text' ;;
    'bench slow --runs') REPLY='text' ;;
    'bench slow --vs') REPLY='text' ;;
    'bench slow --assert') REPLY='text' ;;
    'bench slow --csv') REPLY='file' ;;
    'bench slow --series') REPLY='file' ;;
    'bench slow --markdown') REPLY='file' ;;
    'bench slow --html') REPLY='file' ;;
    'bench slow --hdr') REPLY='file' ;;
    'bench slow --progress') REPLY='words auto always never' ;;
    'bench mix --rate' | 'bench mix -R') REPLY='text' ;;
    'bench mix --stages') REPLY='text' ;;
    'bench mix --jitter') REPLY='text' ;;
    'bench mix --depth') REPLY='text' ;;
    'bench mix --find-max') REPLY='text' ;;
    'bench mix --connections' | 'bench mix -c') REPLY='text' ;;
    'bench mix --duration' | 'bench mix -d') REPLY='text' ;;
    'bench mix --warm-up') REPLY='text' ;;
    'bench mix --connect-rate') REPLY='text' ;;
    'bench mix --bind') REPLY='text' ;;
    'bench mix --timeout') REPLY='text' ;;
    'bench mix --header' | 'bench mix -H') REPLY='text' ;;
    'bench mix --cacert') REPLY='file' ;;
    'bench mix --cert') REPLY='file' ;;
    'bench mix --key') REPLY='file' ;;
    'bench mix --admin') REPLY='text' ;;
    'bench mix --threads') REPLY='text' ;;
    'bench mix --processes') REPLY='text' ;;
    'bench mix --seed') REPLY='text' ;;
    'bench mix --runs') REPLY='text' ;;
    'bench mix --vs') REPLY='text' ;;
    'bench mix --assert') REPLY='text' ;;
    'bench mix --csv') REPLY='file' ;;
    'bench mix --series') REPLY='file' ;;
    'bench mix --markdown') REPLY='file' ;;
    'bench mix --html') REPLY='file' ;;
    'bench mix --hdr') REPLY='file' ;;
    'bench mix --progress') REPLY='words auto always never' ;;
    'bench snapshot --writers') REPLY='text' ;;
    'bench snapshot --puts') REPLY='text' ;;
    'bench snapshot --sessions') REPLY='text' ;;
    'bench snapshot --devices-per-session') REPLY='text' ;;
    'bench snapshot --state-bytes') REPLY='text' ;;
    'bench snapshot --secret-file') REPLY='file' ;;
    'bench snapshot --rate' | 'bench snapshot -R') REPLY='text' ;;
    'bench snapshot --stages') REPLY='text' ;;
    'bench snapshot --jitter') REPLY='text' ;;
    'bench snapshot --depth') REPLY='text' ;;
    'bench snapshot --find-max') REPLY='text' ;;
    'bench snapshot --connections' | 'bench snapshot -c') REPLY='text' ;;
    'bench snapshot --duration' | 'bench snapshot -d') REPLY='text' ;;
    'bench snapshot --warm-up') REPLY='text' ;;
    'bench snapshot --connect-rate') REPLY='text' ;;
    'bench snapshot --bind') REPLY='text' ;;
    'bench snapshot --timeout') REPLY='text' ;;
    'bench snapshot --header' | 'bench snapshot -H') REPLY='text' ;;
    'bench snapshot --cacert') REPLY='file' ;;
    'bench snapshot --cert') REPLY='file' ;;
    'bench snapshot --key') REPLY='file' ;;
    'bench snapshot --admin') REPLY='text' ;;
    'bench snapshot --threads') REPLY='text' ;;
    'bench snapshot --processes') REPLY='text' ;;
    'bench snapshot --seed') REPLY='text' ;;
    'bench snapshot --runs') REPLY='text' ;;
    'bench snapshot --vs') REPLY='text' ;;
    'bench snapshot --assert') REPLY='text' ;;
    'bench snapshot --csv') REPLY='file' ;;
    'bench snapshot --series') REPLY='file' ;;
    'bench snapshot --markdown') REPLY='file' ;;
    'bench snapshot --html') REPLY='file' ;;
    'bench snapshot --hdr') REPLY='file' ;;
    'bench snapshot --progress') REPLY='words auto always never' ;;
    'bench handoff --writers') REPLY='text' ;;
    'bench handoff --sessions') REPLY='text' ;;
    'bench handoff --devices-per-session') REPLY='text' ;;
    'bench handoff --state-bytes') REPLY='text' ;;
    'bench handoff --secret-file') REPLY='file' ;;
    'bench handoff --rate' | 'bench handoff -R') REPLY='text' ;;
    'bench handoff --stages') REPLY='text' ;;
    'bench handoff --jitter') REPLY='text' ;;
    'bench handoff --depth') REPLY='text' ;;
    'bench handoff --find-max') REPLY='text' ;;
    'bench handoff --connections' | 'bench handoff -c') REPLY='text' ;;
    'bench handoff --duration' | 'bench handoff -d') REPLY='text' ;;
    'bench handoff --warm-up') REPLY='text' ;;
    'bench handoff --connect-rate') REPLY='text' ;;
    'bench handoff --bind') REPLY='text' ;;
    'bench handoff --timeout') REPLY='text' ;;
    'bench handoff --header' | 'bench handoff -H') REPLY='text' ;;
    'bench handoff --cacert') REPLY='file' ;;
    'bench handoff --cert') REPLY='file' ;;
    'bench handoff --key') REPLY='file' ;;
    'bench handoff --admin') REPLY='text' ;;
    'bench handoff --threads') REPLY='text' ;;
    'bench handoff --processes') REPLY='text' ;;
    'bench handoff --seed') REPLY='text' ;;
    'bench handoff --runs') REPLY='text' ;;
    'bench handoff --vs') REPLY='text' ;;
    'bench handoff --assert') REPLY='text' ;;
    'bench handoff --csv') REPLY='file' ;;
    'bench handoff --series') REPLY='file' ;;
    'bench handoff --markdown') REPLY='file' ;;
    'bench handoff --html') REPLY='file' ;;
    'bench handoff --hdr') REPLY='file' ;;
    'bench handoff --progress') REPLY='words auto always never' ;;
    'bench state --writers') REPLY='text' ;;
    'bench state --sessions') REPLY='text' ;;
    'bench state --devices-per-session') REPLY='text' ;;
    'bench state --state-bytes') REPLY='text' ;;
    'bench state --secret-file') REPLY='file' ;;
    'bench state --rate' | 'bench state -R') REPLY='text' ;;
    'bench state --stages') REPLY='text' ;;
    'bench state --jitter') REPLY='text' ;;
    'bench state --depth') REPLY='text' ;;
    'bench state --find-max') REPLY='text' ;;
    'bench state --connections' | 'bench state -c') REPLY='text' ;;
    'bench state --duration' | 'bench state -d') REPLY='text' ;;
    'bench state --warm-up') REPLY='text' ;;
    'bench state --connect-rate') REPLY='text' ;;
    'bench state --bind') REPLY='text' ;;
    'bench state --timeout') REPLY='text' ;;
    'bench state --header' | 'bench state -H') REPLY='text' ;;
    'bench state --cacert') REPLY='file' ;;
    'bench state --cert') REPLY='file' ;;
    'bench state --key') REPLY='file' ;;
    'bench state --admin') REPLY='text' ;;
    'bench state --threads') REPLY='text' ;;
    'bench state --processes') REPLY='text' ;;
    'bench state --seed') REPLY='text' ;;
    'bench state --runs') REPLY='text' ;;
    'bench state --vs') REPLY='text' ;;
    'bench state --assert') REPLY='text' ;;
    'bench state --csv') REPLY='file' ;;
    'bench state --series') REPLY='file' ;;
    'bench state --markdown') REPLY='file' ;;
    'bench state --html') REPLY='file' ;;
    'bench state --hdr') REPLY='file' ;;
    'bench state --progress') REPLY='words auto always never' ;;
    'bench conflict --writers') REPLY='text' ;;
    'bench conflict --sessions') REPLY='text' ;;
    'bench conflict --devices-per-session') REPLY='text' ;;
    'bench conflict --state-bytes') REPLY='text' ;;
    'bench conflict --secret-file') REPLY='file' ;;
    'bench conflict --rate' | 'bench conflict -R') REPLY='text' ;;
    'bench conflict --stages') REPLY='text' ;;
    'bench conflict --jitter') REPLY='text' ;;
    'bench conflict --depth') REPLY='text' ;;
    'bench conflict --find-max') REPLY='text' ;;
    'bench conflict --connections' | 'bench conflict -c') REPLY='text' ;;
    'bench conflict --duration' | 'bench conflict -d') REPLY='text' ;;
    'bench conflict --warm-up') REPLY='text' ;;
    'bench conflict --connect-rate') REPLY='text' ;;
    'bench conflict --bind') REPLY='text' ;;
    'bench conflict --timeout') REPLY='text' ;;
    'bench conflict --header' | 'bench conflict -H') REPLY='text' ;;
    'bench conflict --cacert') REPLY='file' ;;
    'bench conflict --cert') REPLY='file' ;;
    'bench conflict --key') REPLY='file' ;;
    'bench conflict --admin') REPLY='text' ;;
    'bench conflict --threads') REPLY='text' ;;
    'bench conflict --processes') REPLY='text' ;;
    'bench conflict --seed') REPLY='text' ;;
    'bench conflict --runs') REPLY='text' ;;
    'bench conflict --vs') REPLY='text' ;;
    'bench conflict --assert') REPLY='text' ;;
    'bench conflict --csv') REPLY='file' ;;
    'bench conflict --series') REPLY='file' ;;
    'bench conflict --markdown') REPLY='file' ;;
    'bench conflict --html') REPLY='file' ;;
    'bench conflict --hdr') REPLY='file' ;;
    'bench conflict --progress') REPLY='words auto always never' ;;
    'bench devices --lists') REPLY='text' ;;
    'bench devices --sessions') REPLY='text' ;;
    'bench devices --devices-per-session') REPLY='text' ;;
    'bench devices --state-bytes') REPLY='text' ;;
    'bench devices --secret-file') REPLY='file' ;;
    'bench devices --rate' | 'bench devices -R') REPLY='text' ;;
    'bench devices --stages') REPLY='text' ;;
    'bench devices --jitter') REPLY='text' ;;
    'bench devices --depth') REPLY='text' ;;
    'bench devices --find-max') REPLY='text' ;;
    'bench devices --connections' | 'bench devices -c') REPLY='text' ;;
    'bench devices --duration' | 'bench devices -d') REPLY='text' ;;
    'bench devices --warm-up') REPLY='text' ;;
    'bench devices --connect-rate') REPLY='text' ;;
    'bench devices --bind') REPLY='text' ;;
    'bench devices --timeout') REPLY='text' ;;
    'bench devices --header' | 'bench devices -H') REPLY='text' ;;
    'bench devices --cacert') REPLY='file' ;;
    'bench devices --cert') REPLY='file' ;;
    'bench devices --key') REPLY='file' ;;
    'bench devices --admin') REPLY='text' ;;
    'bench devices --threads') REPLY='text' ;;
    'bench devices --processes') REPLY='text' ;;
    'bench devices --seed') REPLY='text' ;;
    'bench devices --runs') REPLY='text' ;;
    'bench devices --vs') REPLY='text' ;;
    'bench devices --assert') REPLY='text' ;;
    'bench devices --csv') REPLY='file' ;;
    'bench devices --series') REPLY='file' ;;
    'bench devices --markdown') REPLY='file' ;;
    'bench devices --html') REPLY='file' ;;
    'bench devices --hdr') REPLY='file' ;;
    'bench devices --progress') REPLY='words auto always never' ;;
    'bench fanout --publishers') REPLY='text' ;;
    'bench fanout --channels') REPLY='text' ;;
    'bench fanout --join') REPLY='text' ;;
    'bench fanout --size' | 'bench fanout -s') REPLY='text' ;;
    'bench fanout --via') REPLY='words http socket' ;;
    'bench fanout --stuck') REPLY='text' ;;
    'bench fanout --away') REPLY='text' ;;
    'bench fanout --rate' | 'bench fanout -R') REPLY='text' ;;
    'bench fanout --stages') REPLY='text' ;;
    'bench fanout --jitter') REPLY='text' ;;
    'bench fanout --depth') REPLY='text' ;;
    'bench fanout --find-max') REPLY='text' ;;
    'bench fanout --connections' | 'bench fanout -c') REPLY='text' ;;
    'bench fanout --duration' | 'bench fanout -d') REPLY='text' ;;
    'bench fanout --warm-up') REPLY='text' ;;
    'bench fanout --connect-rate') REPLY='text' ;;
    'bench fanout --bind') REPLY='text' ;;
    'bench fanout --timeout') REPLY='text' ;;
    'bench fanout --header' | 'bench fanout -H') REPLY='text' ;;
    'bench fanout --cacert') REPLY='file' ;;
    'bench fanout --cert') REPLY='file' ;;
    'bench fanout --key') REPLY='file' ;;
    'bench fanout --admin') REPLY='text' ;;
    'bench fanout --threads') REPLY='text' ;;
    'bench fanout --processes') REPLY='text' ;;
    'bench fanout --seed') REPLY='text' ;;
    'bench fanout --runs') REPLY='text' ;;
    'bench fanout --vs') REPLY='text' ;;
    'bench fanout --assert') REPLY='text' ;;
    'bench fanout --csv') REPLY='file' ;;
    'bench fanout --series') REPLY='file' ;;
    'bench fanout --markdown') REPLY='file' ;;
    'bench fanout --html') REPLY='file' ;;
    'bench fanout --hdr') REPLY='file' ;;
    'bench fanout --progress') REPLY='words auto always never' ;;
    'bench lockers --publishers') REPLY='text' ;;
    'bench lockers --namespaces') REPLY='text' ;;
    'bench lockers --rooms') REPLY='text' ;;
    'bench lockers --in-rooms') REPLY='text' ;;
    'bench lockers --to-rooms') REPLY='text' ;;
    'bench lockers --typed') REPLY='text' ;;
    'bench lockers --moves') REPLY='text' ;;
    'bench lockers --size' | 'bench lockers -s') REPLY='text' ;;
    'bench lockers --sessions') REPLY='text' ;;
    'bench lockers --rate' | 'bench lockers -R') REPLY='text' ;;
    'bench lockers --stages') REPLY='text' ;;
    'bench lockers --jitter') REPLY='text' ;;
    'bench lockers --depth') REPLY='text' ;;
    'bench lockers --find-max') REPLY='text' ;;
    'bench lockers --connections' | 'bench lockers -c') REPLY='text' ;;
    'bench lockers --duration' | 'bench lockers -d') REPLY='text' ;;
    'bench lockers --warm-up') REPLY='text' ;;
    'bench lockers --connect-rate') REPLY='text' ;;
    'bench lockers --bind') REPLY='text' ;;
    'bench lockers --timeout') REPLY='text' ;;
    'bench lockers --header' | 'bench lockers -H') REPLY='text' ;;
    'bench lockers --cacert') REPLY='file' ;;
    'bench lockers --cert') REPLY='file' ;;
    'bench lockers --key') REPLY='file' ;;
    'bench lockers --admin') REPLY='text' ;;
    'bench lockers --threads') REPLY='text' ;;
    'bench lockers --processes') REPLY='text' ;;
    'bench lockers --seed') REPLY='text' ;;
    'bench lockers --runs') REPLY='text' ;;
    'bench lockers --vs') REPLY='text' ;;
    'bench lockers --assert') REPLY='text' ;;
    'bench lockers --csv') REPLY='file' ;;
    'bench lockers --series') REPLY='file' ;;
    'bench lockers --markdown') REPLY='file' ;;
    'bench lockers --html') REPLY='file' ;;
    'bench lockers --hdr') REPLY='file' ;;
    'bench lockers --progress') REPLY='words auto always never' ;;
    'bench board --mode') REPLY='words seed v2 both' ;;
    'bench board --rooms') REPLY='text' ;;
    'bench board --shapes') REPLY='text' ;;
    'bench board --cursor-rate') REPLY='text' ;;
    'bench board --change-rate') REPLY='text' ;;
    'bench board --secret-file') REPLY='file' ;;
    'bench board --connections' | 'bench board -c') REPLY='text' ;;
    'bench board --duration' | 'bench board -d') REPLY='text' ;;
    'bench board --warm-up') REPLY='text' ;;
    'bench board --connect-rate') REPLY='text' ;;
    'bench board --bind') REPLY='text' ;;
    'bench board --timeout') REPLY='text' ;;
    'bench board --header' | 'bench board -H') REPLY='text' ;;
    'bench board --cacert') REPLY='file' ;;
    'bench board --cert') REPLY='file' ;;
    'bench board --key') REPLY='file' ;;
    'bench board --admin') REPLY='text' ;;
    'bench board --threads') REPLY='text' ;;
    'bench board --processes') REPLY='text' ;;
    'bench board --seed') REPLY='text' ;;
    'bench board --runs') REPLY='text' ;;
    'bench board --vs') REPLY='text' ;;
    'bench board --assert') REPLY='text' ;;
    'bench board --csv') REPLY='file' ;;
    'bench board --series') REPLY='file' ;;
    'bench board --markdown') REPLY='file' ;;
    'bench board --html') REPLY='file' ;;
    'bench board --hdr') REPLY='file' ;;
    'bench board --progress') REPLY='words auto always never' ;;
    'bench merge --hdr') REPLY='file' ;;
    'compare --fail-if') REPLY='text' ;;
    'compare --markdown') REPLY='file' ;;
    'compare --html') REPLY='file' ;;
    'config print --config') REPLY='file' ;;
    'install --prefix') REPLY='directory' ;;
    'install --destdir') REPLY='directory' ;;
    *) return 1 ;;
    esac
}

_sessionctl() {
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
    local path='' index REPLY WORDS

    # bash splits '--option=value' at the sign.
    if [[ $current == '=' ]]; then
        current=''
    elif [[ $option == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    # The words right after the program pick the command.
    for ((index = 1; index < COMP_CWORD; index++)); do
        _sessionctl_command "${path:+$path }${COMP_WORDS[index]}" || break
        path="${path:+$path }${COMP_WORDS[index]}"
    done

    COMPREPLY=()
    if [[ $option == -* ]] && _sessionctl_value "$path $option"; then
        case $REPLY in
        file)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            ;;
        directory)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$current")
            ;;
        list\ *)
            local before=''
            [[ $current == *,* ]] && before=${current%,*},
            mapfile -t COMPREPLY < <(compgen -P "$before" -W "${REPLY#list }" -- "${current##*,}")
            ;;
        words\ *) mapfile -t COMPREPLY < <(compgen -W "${REPLY#words }" -- "$current") ;;
        esac
        return
    fi

    _sessionctl_command "$path"
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$REPLY" -- "$current")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "${WORDS% file}" -- "$current")
    if [[ $WORDS == *' file' ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
    fi
}

complete -F _sessionctl sessionctl
