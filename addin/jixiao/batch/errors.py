"""What can keep a batch from being run; the message is a complete Chinese sentence.

::

    BatchError
    ├── NoCluster         the scheduler of a cluster does not answer, or has no worker
    ├── OtherVersion      a worker of the cluster has another program or other rules
    ├── ClusterFailed     a worker of the cluster cannot work
    ├── NothingToDo       the folder is none, or holds no workbook
    ├── LacksLibrary      the extra jixiao[batch] is not installed
    ├── AlreadyRunning    another run writes the same 汇总
    ├── NotASummary       a file stands where the 汇总 goes, and is none of ours
    ├── NoPrevious        the 汇总 of last time has no journal beside it
    ├── BadRoster         the 名单 cannot be read
    └── RulesBroken       a rule file is wrong; no filing is to blame
"""

from __future__ import annotations


class BatchError(Exception):
    """The message says what is wrong and what to do."""


class NothingToDo(BatchError):
    """There is no folder, or no workbook in it."""


class LacksLibrary(BatchError):
    """A library of the extra is not installed."""


class AlreadyRunning(BatchError):
    """Another run has the journal."""


class NotASummary(BatchError):
    """What stands at the place of the 汇总 was not written by us."""


class NoPrevious(BatchError):
    """The results of last time are gone."""


class BadRoster(BatchError):
    """The list of units cannot be understood."""


class RulesBroken(BatchError):
    """Raised in a worker; plain enough to be sent from one process to another."""


class NoCluster(BatchError):
    """The scheduler cannot be reached, or has no worker."""


class OtherVersion(BatchError):
    """Raised in a worker of the cluster, which would find other results."""


class ClusterFailed(BatchError):
    """A worker of the cluster could not do its work; no file is to blame."""
