-- The newest of all, and the newest verified ones.
(SELECT * FROM caretaker.external_backup WHERE target = ? ORDER BY taken DESC LIMIT ?)
UNION
(SELECT * FROM caretaker.external_backup WHERE target = ? AND verified IS NOT NULL ORDER BY taken DESC LIMIT ?)
ORDER BY taken DESC
