-- Question: when did each visit begin, how long did it last, and with what did it begin?
-- Grain: a visit. It belongs to the local day on which it began (hits and bytes: those of that day); what it lasts is counted to
-- the end of the next day, so that a machine that never pauses is no visit without end. account_key: the first that
-- it tells until then.
WITH visit AS (
    SELECT f.visitor, f.begun_half_hour, max(m.day_on) AS last_on,
           max(p.last_second) FILTER (m.day_on <= b.day_on + 1) - (min(p.first_line) >> 31)::BIGINT AS seconds,
           sum(p.hits) FILTER (m.day_on = b.day_on)::BIGINT AS hits,
           sum(p.bytes) FILTER (m.day_on = b.day_on)::BIGINT AS bytes,
           any_value(p.agent_key) AS agent_key, any_value(p.country) AS country, arg_min(p.origin_key, p.first_line) AS origin_key,
           arg_min(p.connection_key, p.first_line) AS connection_key, (min(p.first_line) & 7)::UTINYINT AS class,
           arg_min(p.account_key, p.first_line) FILTER (p.account_key IS NOT NULL AND m.day_on <= b.day_on + 1) AS account_key
    FROM client_part AS p
    JOIN visit_part AS f ON f.part = p.rowid
    JOIN moment AS m ON m.half_hour = f.half_hour
    JOIN moment AS b ON b.half_hour = f.begun_half_hour
    GROUP BY f.visitor, f.begun_half_hour
)
SELECT v.*, b.day_on, b.hour
FROM visit AS v
JOIN moment AS b ON b.half_hour = v.begun_half_hour
