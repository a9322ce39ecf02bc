"""The campaign editor: plan, words, pictures, colours, kit, publishing, links to share."""

from groundswell.office.campaign import colours, kit, overview, pictures, plan, publishing, words

urlpatterns = [
    *overview.urlpatterns,
    *plan.urlpatterns,
    *words.urlpatterns,
    *pictures.urlpatterns,
    *colours.urlpatterns,
    *kit.urlpatterns,
    *publishing.urlpatterns,
]
