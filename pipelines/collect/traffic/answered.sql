-- Question: which classes of answers did each visitor get?
-- Grain: a visitor and a local day that is asked for. classes: the bit N is set where an answer was Nxx, bit 0 where one was of no
-- known class.
SELECT m.day_on, c.visitor, any_value(a.is_robot) AS is_robot,
       bit_or((hits > hits_1 + hits_2 + hits_3 + hits_4 + hits_5)::INTEGER + 2 * (hits_1 > 0)::INTEGER + 4 * (hits_2 > 0)::INTEGER
              + 8 * (hits_3 > 0)::INTEGER + 16 * (hits_4 > 0)::INTEGER + 32 * (hits_5 > 0)::INTEGER) AS classes
FROM client_part AS c
JOIN moment AS m USING (half_hour)
SEMI JOIN asked_day AS d ON d.day_on = m.day_on
JOIN agent AS a USING (agent_key)
GROUP BY m.day_on, c.visitor
