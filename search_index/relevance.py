"""The numbers of the search: what a field weighs, how far a typo may go, what standing together is worth."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from search_index.engines.port import Recency, Relevance, TextField

_DAY = 24 * 60 * 60


class SearchSettings(BaseModel):
    """``OCTAVO_SEARCH__*``: every number that decides what is found and in which order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title_weight: float = Field(5.0, ge=0, description="The weight of a word in the title")
    terms_weight: float = Field(3.0, ge=0, description="A word in the names of tags and categories")
    headings_weight: float = Field(2.5, ge=0, description="A word in headings")
    summary_weight: float = Field(2.0, ge=0, description="A word in the excerpt")
    body_weight: float = Field(1.0, ge=0, description="A word in the text")
    code_weight: float = Field(0.5, ge=0, description="A word in code blocks")
    k1: float = Field(1.2, ge=0, description="BM25: how soon more of a word says no more")
    b: float = Field(0.75, ge=0, le=1, description="BM25: how much a field's length counts")
    exact_boost: float = Field(1.1, ge=0, description="The word as typed, against others of its stem")
    prefix_boost: float = Field(0.7, ge=0, description="A word that only begins as typed")
    synonym_boost: float = Field(0.8, ge=0, description="A synonym")
    compound_boost: float = Field(0.9, ge=0, description="A compound written in another way: backend, back-end")
    typo_boost: float = Field(0.5, ge=0, description="A corrected word, for each edit")
    one_typo_letters: int = Field(5, ge=1, description="Letters from which a word may have one typo")
    two_typos_letters: int = Field(9, ge=1, description="Letters from which a word may have two")
    prefix_letters: int = Field(2, ge=1, description="Letters from which a prefix is expanded")
    expansions: int = Field(50, ge=1, le=200, description="Words that a prefix or a typo may become")
    proximity: float = Field(0.5, ge=0, description="What neighbouring words get on top, as a part of the lower score")
    proximity_window: int = Field(200, ge=1, description="The best hits that are looked at for it")
    recency_weight: float = Field(0.0, ge=0, description="What a post of today gets on top, as a part of its score")
    recency_half_life_days: float = Field(180.0, gt=0, description="Days after which that is half")
    relax: bool = Field(True, description="Whether words are dropped when nothing has all of them")
    sentence_words: int = Field(
        7, ge=2, description="Words from which a query is a sentence: when nothing has them all, any of them will do"
    )
    did_you_mean_ratio: float = Field(
        20.0, ge=1, description="So many times as frequent must a correction of a known word be"
    )

    def relevance(self) -> Relevance:
        """What the engine needs of them."""
        return Relevance(
            weights=tuple((field, getattr(self, f"{field}_weight")) for field in TextField),
            k1=self.k1,
            b=self.b,
            proximity=self.proximity,
            window=self.proximity_window,
            recency=Recency(self.recency_weight, self.recency_half_life_days * _DAY) if self.recency_weight else None,
        )

    def typos(self, word: str) -> int:
        """How many edits a word may be away from what was meant."""
        return (len(word) >= self.one_typo_letters) + (len(word) >= self.two_typos_letters)
