"""Which NPQ suits a person: criteria as data, weighed with what is known of them."""

from guidance.recommend.criteria import Criteria
from guidance.recommend.decide import recommend
from guidance.recommend.model import Recommend
from guidance.recommend.profile import Profile
from guidance.recommend.recommendation import Recommendation

__all__ = ["Criteria", "Profile", "Recommend", "Recommendation", "recommend"]
