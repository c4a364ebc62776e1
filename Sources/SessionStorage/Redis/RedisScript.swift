/// What happens in Redis, each as one script, so that nothing comes in between.
///
/// The keys of a collection carry one hash tag, so that a cluster keeps them on one node. `p` below is
/// `sessionctl:{COLLECTION}:`.
///
/// | Key | Type | What it holds |
/// | --- | --- | --- |
/// | `p d:NAME` | hash | a document: `v`ersion, `o`wner, `c`reated, `u`pdated, `e`nd (empty for never), `s`ize, stored `n`umber of bytes, `b`ody as ``StoredBody`` makes it |
/// | `p names` | sorted set | all names, with equal scores: pages in the order of bytes |
/// | `p ends` | sorted set | names by their ends: what is over, and how many are not |
/// | `p created` | sorted set | names by their creation |
/// | `p o:OWNER` | sorted set | an owner's names by their last write |
/// | `p entries` | hash | `SIZE STORED -` or `SIZE STORED +OWNER` by name: what must be taken back when a document is over |
/// | `p figures` | hash | sums over all documents: `bytes`, `stored`, `compressed` |
///
/// Versions are texts, because Lua's numbers cannot hold them. What is over is told by the asker's clock; Redis removes a
/// document by itself a day later, should nobody have swept it.
enum RedisScript: Int, CaseIterable {
    /// Name, now, later end or nothing → the document, or nil.
    case read
    /// Name, now, expectation, version, body, size, stored bytes, owner, limit, end, whether it is tried again
    /// → 1 written; 2 conflict, with the document; 3 the owner is full.
    case write
    /// Name, now, version or nothing → whether it was removed.
    case remove
    /// Owner, now, the last name → how many were removed.
    case trim
    /// Owner, now → the document, or nil.
    case newest
    /// Owner, now, the name before the page, limit, whether to count → total or 0, the name before the next page or nil, names and documents.
    case page
    /// Now, since → documents, created since, bytes, stored bytes, compressed.
    case statistics
    /// Now, how many at most → how many were removed.
    case sweep

    /// The script's text.
    var text: String {
        switch self {
        case .read: Self.common + Self.readText
        case .write: Self.common + Self.forget + Self.writeText
        case .remove: Self.common + Self.forget + Self.removeText
        case .trim: Self.common + Self.forget + Self.before + Self.trimText
        case .newest: Self.common + Self.newestText
        case .page: Self.common + Self.before + Self.pageText
        case .statistics: Self.common + Self.forget + Self.statisticsText
        case .sweep: Self.common + Self.forget + "return sweep(tonumber(ARGV[2]))"
        }
    }

    /// Owners are passed as `-` for none and `+OWNER`.
    private static let common = """
        local p = KEYS[1]
        local function over(e, now) return e ~= '' and tonumber(e) <= tonumber(now) end
        local function document(name, now)
            local d = redis.call('HMGET', p .. 'd:' .. name, 'v', 'o', 'c', 'u', 'e', 's', 'b')
            if not d[1] or over(d[5], now) then return nil end
            return d
        end
        local function live(name, now)
            local e = redis.call('ZSCORE', p .. 'ends', name)
            return e and tonumber(e) > tonumber(now)
        end
        local function keep(name, e)
            redis.call('ZADD', p .. 'ends', e == '' and '+inf' or e, name)
            if e == '' then
                redis.call('PERSIST', p .. 'd:' .. name)
            else
                redis.call('PEXPIREAT', p .. 'd:' .. name, string.format('%.0f', tonumber(e) + 86400000))
            end
        end

        """

    private static let forget = """
        local function add(field, by)
            if by ~= 0 then redis.call('HINCRBY', p .. 'figures', field, by) end
        end
        local function count(size, stored, oldSize, oldStored)
            add('bytes', size - oldSize)
            add('stored', stored - oldStored)
            add('compressed', (stored < size and 1 or 0) - (oldStored < oldSize and 1 or 0))
        end
        local function forget(name)
            local entry = redis.call('HGET', p .. 'entries', name)
            -- First what needs no memory, so that a full Redis can be emptied.
            redis.call('ZREM', p .. 'names', name)
            if entry then
                local size, stored, owner = string.match(entry, '^(%d+) (%d+) (.*)$')
                count(0, 0, tonumber(size), tonumber(stored))
                if owner ~= '-' then redis.call('ZREM', p .. 'o:' .. string.sub(owner, 2), name) end
            end
            redis.call('HDEL', p .. 'entries', name)
            redis.call('ZREM', p .. 'ends', name)
            redis.call('ZREM', p .. 'created', name)
            redis.call('DEL', p .. 'd:' .. name)
        end
        local function sweep(limit)
            local names = redis.call('ZRANGEBYSCORE', p .. 'ends', '-inf', ARGV[1], 'LIMIT', 0, limit)
            for _, name in ipairs(names) do forget(name) end
            return #names
        end

        """

    private static let readText = """
        local name, now, later = ARGV[1], ARGV[2], ARGV[3]
        local d = document(name, now)
        if d and later ~= '' and d[5] ~= '' and tonumber(later) > tonumber(d[5]) then
            -- A Redis that takes no writes still serves reads (C20).
            local changed = redis.pcall('HSET', p .. 'd:' .. name, 'e', later)
            if type(changed) == 'number' then
                keep(name, later)
                d[5] = later
            end
        end
        return d
        """

    /// The first change is one that needs memory: without any, Redis refuses it, and lets through what follows a change.
    private static let writeText = """
        local name, now, expected, version, body = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
        local size, stored, owner, limit, e = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
        local key = p .. 'd:' .. name
        local old = redis.call('HMGET', key, 'v', 'o', 'c', 'e', 's', 'n')
        local there = old[1] and not over(old[4], now)
        if ARGV[11] == '1' and there and old[1] == version and redis.call('HGET', key, 'b') == body then return {1} end
        local fits = expected == 'anything' or (expected == 'absence' and not there) or (there and expected == old[1])
        if not fits then return {2, there and document(name, now) or false} end
        if not there and owner ~= '-' and limit ~= '' then
            local owned = 0
            for _, other in ipairs(redis.call('ZRANGE', p .. 'o:' .. string.sub(owner, 2), 0, -1)) do
                if live(other, now) then owned = owned + 1 end
            end
            if owned >= tonumber(limit) then return {3} end
        end
        local created, entry = now, size .. ' ' .. stored .. ' ' .. owner
        if there then
            created = old[3]
            local before = old[5] .. ' ' .. old[6] .. ' ' .. (old[2] and '+' .. old[2] or '-')
            if before ~= entry then
                count(tonumber(size), tonumber(stored), tonumber(old[5]), tonumber(old[6]))
                redis.call('HSET', p .. 'entries', name, entry)
                if old[2] and '+' .. old[2] ~= owner then
                    redis.call('ZREM', p .. 'o:' .. old[2], name)
                    redis.call('HDEL', key, 'o')
                end
            end
        else
            redis.call('ZADD', p .. 'names', 0, name)
            if redis.call('HEXISTS', p .. 'entries', name) == 1 then
                forget(name)
                redis.call('ZADD', p .. 'names', 0, name)
            end
            count(tonumber(size), tonumber(stored), 0, 0)
            redis.call('HSET', p .. 'entries', name, entry)
            redis.call('ZADD', p .. 'created', now, name)
        end
        redis.call('HSET', key, 'v', version, 'c', created, 'u', now, 'e', e, 's', size, 'n', stored, 'b', body)
        if owner ~= '-' then
            redis.call('HSET', key, 'o', string.sub(owner, 2))
            redis.call('ZADD', p .. 'o:' .. string.sub(owner, 2), now, name)
        end
        keep(name, e)
        return {1}
        """

    private static let removeText = """
        local d = document(ARGV[1], ARGV[2])
        if not d or (ARGV[3] ~= '' and ARGV[3] ~= d[1]) then return 0 end
        forget(ARGV[1])
        return 1
        """

    /// Lua would compare texts by the locale of Redis, hence the comparison by bytes.
    private static let before = """
        local function before(a, b)
            for i = 1, math.min(#a, #b) do
                local x, y = string.byte(a, i), string.byte(b, i)
                if x ~= y then return x < y end
            end
            return #a < #b
        end

        """

    private static let trimText = """
        local removed = 0
        for _, name in ipairs(redis.call('ZRANGE', p .. 'o:' .. ARGV[1], 0, -1)) do
            if not before(ARGV[3], name) and live(name, ARGV[2]) then
                forget(name)
                removed = removed + 1
            end
        end
        return removed
        """

    private static let newestText = """
        for _, name in ipairs(redis.call('ZREVRANGE', p .. 'o:' .. ARGV[1], 0, -1)) do
            local d = live(name, ARGV[2]) and document(name, ARGV[2])
            if d then return {name, d} end
        end
        return false
        """

    /// Names are asked for a few at a time: one more than is shown, and the rest where some of those are over.
    private static let pageText = """
        local owner, now, after, limit, counts = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'
        local reply, total, last = {}, 0, false
        local function take(name)
            local d = live(name, now) and document(name, now)
            if not d then return true end
            if #reply == limit then return false end
            reply[#reply + 1] = {name, d}
            last = name
            return true
        end
        local more = false
        if owner == '-' then
            if counts then total = redis.call('ZCOUNT', p .. 'ends', '(' .. now, '+inf') end
            local from = after == '' and '-' or '(' .. after
            while not more do
                local names = redis.call('ZRANGEBYLEX', p .. 'names', from, '+', 'LIMIT', 0, math.min(256, limit + 1))
                if #names == 0 then break end
                for _, name in ipairs(names) do
                    if not take(name) then more = true break end
                end
                from = '(' .. names[#names]
            end
        else
            local names = redis.call('ZRANGE', p .. 'o:' .. string.sub(owner, 2), 0, -1)
            table.sort(names, before)
            for _, name in ipairs(names) do
                if counts and live(name, now) then total = total + 1 end
                if not more and (after == '' or before(after, name)) and not take(name) then more = true end
            end
        end
        return {total, more and last or false, reply}
        """

    private static let statisticsText = """
        sweep(1000)
        local f = redis.call('HMGET', p .. 'figures', 'bytes', 'stored', 'compressed')
        return {
            redis.call('ZCOUNT', p .. 'ends', '(' .. ARGV[1], '+inf'),
            redis.call('ZCOUNT', p .. 'created', ARGV[2], '+inf'),
            tonumber(f[1] or 0), tonumber(f[2] or 0), tonumber(f[3] or 0)
        }
        """
}
