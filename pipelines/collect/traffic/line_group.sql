-- Question: what did one client do in one half hour, by one file of the log?
-- Grain: a file, a client (address and agent, and what else the log tells of a connection), a half hour since 1970 and a class
-- of answers; of lines that cannot be counted, a file and a reason. No local day, hour or clock change falls inside a half hour.
-- Whoever pauses for no longer than half an hour is still on the same visit: inside one half hour nothing needs to be split.
SELECT file, code, half_hour,
       CASE WHEN code = 0 THEN hash(address, agent, host, scheme, protocol, cipher, key_bits, account, class, answer)
            END AS client,
       any_value(address) AS address, any_value(agent) AS agent, any_value(host) AS host, any_value(scheme) AS scheme,
       any_value(protocol) AS protocol, any_value(cipher) AS cipher, any_value(key_bits) AS key_bits,
       any_value(account) AS account, any_value(class) AS class, any_value(answer) AS answer,
       min(second) AS first_second, max(second) AS last_second,
       -- Of several requests in the first second, always the same one, whatever the order in which they were read.
       min(moment_of_line) AS first_line, arg_min_null(referrer, moment_of_line) AS first_referrer,
       count(*) AS hits, sum(bytes)::UBIGINT AS bytes,
       sum(line_hash)::HUGEINT AS line_hashes, sum(line_bytes)::UBIGINT AS line_bytes
FROM line
GROUP BY file, code, half_hour, client
