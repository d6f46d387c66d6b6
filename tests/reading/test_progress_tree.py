from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from django_prodev.reading.progress_tree import Item, Tree


@st.composite
def curricula(draw: st.DrawFn) -> list[Item]:
    """Arrangements of up to 14 units, each standing at the top or inside one that came before it."""
    return [
        Item(
            key=key,
            parent=draw(st.one_of(st.none(), st.sampled_from(range(1, key)))) if key > 1 else None,
            unit=100 + key,
            is_required=draw(st.booleans()),
            weight=Decimal(draw(st.integers(1, 500))) / 100,
            min_children=draw(st.one_of(st.none(), st.integers(0, 4))),
        )
        for key in range(1, draw(st.integers(1, 14)) + 1)
    ]


@st.composite
def people(draw: st.DrawFn) -> tuple[list[Item], frozenset[int]]:
    items = draw(curricula())
    return items, draw(st.frozensets(st.sampled_from([item.unit for item in items])))


def fraction_by_definition(items: list[Item], done: frozenset[int], key: int | None = None) -> Fraction | None:
    """The rule of the docs, written down once more without any preparation; ``None`` where nothing is asked for."""
    own = next((item for item in items if item.key == key), None)
    children = [item for item in items if item.parent == key]
    if own is not None and not children:
        return Fraction(own.unit in done)
    parts = [(child, fraction_by_definition(items, done, child.key)) for child in children]
    known = [(child, part) for child, part in parts if part is not None]
    if own is not None and own.min_children is not None:
        best = sorted((part for _, part in known), reverse=True)[: own.min_children]
        asked = sum(best, Fraction(0)) / len(best) if best else None
    else:
        required = [(Fraction(child.weight), part) for child, part in known if child.is_required]
        total = sum((weight for weight, _ in required), Fraction(0))
        asked = sum((weight * part for weight, part in required), Fraction(0)) / total if required else None
    if asked is not None and own is not None and own.unit in done:
        return Fraction(1)
    return asked


@given(people())
def test_progress_is_what_the_definition_says(person: tuple[list[Item], frozenset[int]]) -> None:
    items, done = person
    expected = fraction_by_definition(items, done) or Fraction(0)
    tree = Tree(items)
    assert tree.fraction(done) == expected
    assert tree.percent(done) == int(expected * 100)


@given(people())
def test_100_percent_is_shown_exactly_where_all_is_done(person: tuple[list[Item], frozenset[int]]) -> None:
    items, done = person
    tree = Tree(items)
    assert 0 <= tree.percent(done) <= 100
    assert (tree.percent(done) == 100) is tree.is_complete(done)
    assert tree.is_complete(done) is (not tree.missing(done) and bool(tree.counted[None]))


@given(people(), st.data())
def test_doing_more_never_lowers_progress(person: tuple[list[Item], frozenset[int]], data: st.DataObject) -> None:
    items, done = person
    more = done | {data.draw(st.sampled_from([item.unit for item in items]))}
    tree = Tree(items)
    assert tree.fraction(more) >= tree.fraction(done)


@given(curricula())
def test_whoever_does_everything_is_complete_where_anything_is_asked_for(items: list[Item]) -> None:
    tree = Tree(items)
    assert tree.percent({item.unit for item in items}) == (100 if tree.counted[None] else 0)


@given(people())
def test_each_missing_unit_brings_a_person_no_further_back_and_all_of_them_to_the_end(
    person: tuple[list[Item], frozenset[int]],
) -> None:
    items, done = person
    tree = Tree(items)
    missing = {item.unit for item in tree.missing(done)}
    assert not missing & done
    if tree.counted[None]:
        assert tree.is_complete(done | missing)


@given(curricula())
def test_the_shares_of_a_curriculum_without_choices_make_a_whole(items: list[Item]) -> None:
    tree = Tree([item._replace(min_children=None) for item in items])
    leaves = [share for key, share in tree.shares().items() if not tree.is_group(tree.items[key])]
    assert sum(leaves, Fraction(0)) == (1 if tree.counted[None] else 0)


def test_weights_decide_and_the_percentage_is_floored() -> None:
    tree = Tree([Item(1, None, 11), Item(2, None, 12, weight=Decimal("1.5")), Item(3, None, 13, is_required=False)])
    assert [tree.percent(done) for done in ({11}, {12}, {13}, {11, 12})] == [40, 60, 0, 100]
    thirds = Tree([Item(key, None, key) for key in (1, 2, 3)])
    assert [thirds.percent(set(range(1, count + 1))) for count in range(4)] == [0, 33, 66, 100]


def test_any_two_of_five_need_two_whatever_their_weights() -> None:
    group = Item(1, None, 1, min_children=2)
    tree = Tree([group, *(Item(key, 1, key, weight=Decimal(key)) for key in range(2, 7))])
    assert [tree.percent(done) for done in (set(), {6}, {2, 6}, {2, 3, 4, 5, 6})] == [0, 50, 100, 100]


def test_one_unit_short_of_a_thousand_is_99_percent() -> None:
    tree = Tree([Item(key, None, key) for key in range(1, 1_001)])
    assert tree.percent(set(range(1, 1_000))) == 99
    assert tree.percent(set(range(1, 1_001))) == 100


def test_a_waived_group_counts_whole() -> None:
    tree = Tree([Item(1, None, 1), Item(2, 1, 2), Item(3, 1, 3), Item(4, None, 4)])
    assert [tree.percent(done) for done in ({1}, {2}, {1, 2}, {2, 3})] == [50, 25, 50, 50]


def test_items_in_a_circle_hang_nowhere_and_count_nothing() -> None:
    tree = Tree([Item(1, 2, 1), Item(2, 1, 2), Item(3, None, 3)])
    assert tree.percent({3}) == 100
