"""Building forms that bring people in: words, questions, publishing, sharing, what waits."""

from groundswell.office.forms import asks, index, one, questions, share, waiting, words

urlpatterns = [
    *index.urlpatterns,
    *waiting.urlpatterns,
    *one.urlpatterns,
    *words.urlpatterns,
    *asks.urlpatterns,
    *questions.urlpatterns,
    *share.urlpatterns,
]
