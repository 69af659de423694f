-- Question: when did each visit begin, how long did it last, and with what did it begin?
-- Grain: a visit. It belongs to the local day on which it began (hits and bytes: those of that day); what it lasts is counted to
-- the end of the next day, so that a machine that never pauses is no visit without end. account_key: the first that
-- it tells until then.
SELECT visitor, begun_half_hour, begun_on AS day_on, begun_hour AS hour,
       max(last_second) FILTER (day_on <= begun_on + 1) - (min(first_line) >> 31)::BIGINT AS seconds,
       sum(hits) FILTER (day_on = begun_on)::BIGINT AS hits, sum(bytes) FILTER (day_on = begun_on)::BIGINT AS bytes,
       any_value(agent_key) AS agent_key, any_value(country) AS country, arg_min(origin_key, first_line) AS origin_key,
       arg_min(connection_key, first_line) AS connection_key, (min(first_line) & 7)::UTINYINT AS class,
       arg_min(account_key, first_line) FILTER (account_key IS NOT NULL AND day_on <= begun_on + 1) AS account_key
FROM visit_part
GROUP BY visitor, begun_half_hour, begun_on, begun_hour
