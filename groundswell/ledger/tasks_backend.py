"""Django's task API over our job rows: ``some_task.enqueue(...)`` writes one, a worker runs it."""

from __future__ import annotations

from typing import Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

from groundswell.kernel import clock
from groundswell.ledger import operations


class RowsBackend(BaseTaskBackend):
    """Enqueues into the caller's transaction, so "saved" and "will be done" are one commit."""

    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        job_id = operations.enqueue(
            task.module_path,
            {"args": list(args), "kwargs": dict(kwargs)},
            priority=task.priority,
            run_after=task.run_after,
        )
        return TaskResult(
            task=task,
            id=str(job_id),
            status=TaskResultStatus.READY,
            enqueued_at=clock.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
