-- change-of-a-release: every line of the ledger belongs to a release, or waits for one
--
-- fix  leave the ledger to `correct`, `withdraw` and `release`

select 'changes' as resource, changes._line as line, 'version' as field,
       changes.version || ' is not in releases' as message
from changes
anti join releases using (version)
where changes.version <> 'unreleased'
