from django_prodev.cache.breaker import PAUSE, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_two_failures_in_a_row_and_lets_one_call_a_second_try() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert breaker.failed() is False
    breaker.succeeded()
    assert breaker.failed() is False
    assert breaker.allows()
    assert breaker.failed() is True
    assert not breaker.allows()
    clock.now += PAUSE
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    assert breaker.failed() is False
    clock.now += PAUSE / 2
    assert not breaker.allows()
    clock.now += PAUSE / 2
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()
