-- Question: Which guard doubts the night, or did until somebody confirmed it, and what does it compare?
-- Grain: a guard and what it looks at; those that doubt nothing are left out.
SELECT
    g.guard, g.concerns, g.state AS guard_state, g.found, g.compared_with, g.since_on,
    c.who, c.why, c.confirmed_on, r.fr AS guard_fr, r.en AS guard_en
FROM obligation.guard AS g
JOIN register.guard AS r USING (guard)
LEFT JOIN (
    FROM register.confirmation
    QUALIFY row_number() OVER (PARTITION BY guard, concerns ORDER BY night_on DESC, confirmation) = 1
) AS c ON c.guard = g.guard AND c.concerns = g.concerns AND g.state = 'confirmed'
WHERE g.state IN ('tripped', 'confirmed')
ORDER BY array_position(['tripped', 'confirmed'], g.state), g.guard, g.concerns
