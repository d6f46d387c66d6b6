"""A selection with its plans: each is compiled when it is first needed, and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any

from django_prodev.conf import prodev_settings
from django_prodev.models.viewer import Viewer
from django_prodev.reading.arguments import ListRequest
from django_prodev.reading.compiler import compile_list, compile_one
from django_prodev.reading.plan import Plan
from django_prodev.reading.selection import Page, Selection, canonical


class PlanCache:
    """Plans by what they were compiled for, for the whole process.

    What a request may choose (fields, filters, order) is combined by whoever asks, so the number is bounded: the plan
    that was not used for longest goes first, and those of everyday requests stay.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._plans)

    def get(self, key: Hashable, compile_plan: Callable[[], Plan]) -> Plan:
        """The plan of ``key``. Threads that miss it at once may each compile it; none waits for another."""
        with self._lock:
            if (found := self._plans.get(key)) is not None:
                self._plans.move_to_end(key)
                return found
        plan = compile_plan()
        with self._lock:
            self._plans[key] = plan
            while len(self._plans) > self.most:
                self._plans.popitem(last=False)
        return plan

    def clear(self) -> None:
        """Forget every plan."""
        with self._lock:
            self._plans.clear()


PLANS = PlanCache(1_024)


class Reader:
    """Reads one selection, for any viewer.

    A plan depends on the viewer's scope, on the rules of visibility, and on which filters, order and cursors are in
    use.
    """

    def __init__(self, selection: Selection, plans: PlanCache = PLANS) -> None:
        self.selection = canonical(selection)
        self.plans = plans

    def page(self, viewer: Viewer, request: ListRequest) -> Page:
        """A page of the rows that ``viewer`` may see."""
        return self.plan_of_page(viewer, request).page(viewer, request.values, request.size)

    def plan_of_page(self, viewer: Viewer, request: ListRequest) -> Plan:
        """The plan that ``page`` runs."""
        listing = request.listing
        return self._plan(viewer, listing, lambda: compile_list(self.selection, listing, viewer.scope))

    def one(self, viewer: Viewer, lookup: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> Any:
        """The row whose columns have the values of ``lookup``, or ``None`` where the viewer may see none.

        ``values`` are those of the paged lists in the selection.
        """
        bound = {f"lookup.{name}": value for name, value in lookup.items()}
        return self.plan_of_one(viewer, *lookup).one(viewer, {**(values or {}), **bound})

    def plan_of_one(self, viewer: Viewer, *columns: str) -> Plan:
        """The plan that ``one`` runs, for a look-up by these columns."""
        return self._plan(viewer, columns, lambda: compile_one(self.selection, columns, viewer.scope))

    def _plan(self, viewer: Viewer, shape: Hashable, compile_plan: Callable[[], Plan]) -> Plan:
        key = (self.selection, shape, viewer.scope, prodev_settings.VISIBILITY_POLICY)
        return self.plans.get(key, compile_plan)
