import pytest

from vs_core.rules.school_quality import OVERALL_GRADES, REPORT_CARD, regime


@pytest.mark.parametrize("word", REPORT_CARD)
def test_words_of_the_report_card(word: str) -> None:
    assert regime(word.upper()) == "report card"


@pytest.mark.parametrize("word", OVERALL_GRADES)
def test_words_of_the_overall_grade(word: str) -> None:
    assert regime(f" {word.lower()} ") == "overall grade"


def test_no_word_belongs_to_both_and_others_to_neither() -> None:
    assert not set(REPORT_CARD) & set(OVERALL_GRADES)
    assert regime("Not inspected") is None
