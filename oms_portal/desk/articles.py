"""What is known of articles, by their SKUs: the first group that fits one describes it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.orders.locales import listed
from oms_portal.returns.rules import Article

from .article_form import ArticleForm
from .listings import Listing, Text, Title
from .reordering import Move
from .texts import plain


# So many SKUs of a group are named in the list.
_NAMED = 6


class ArticleTitle(Title):
    """The name, with the SKUs beneath it."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "said": skus(instance)}


def skus(article: Article) -> str:
    named = listed(plain(one) for one in article.skus[:_NAMED])
    return f"{named} …" if len(article.skus) > _NAMED else named


def marks(article: Article) -> str:
    told = (
        (article.final_sale, _("final sale")),
        (article.hazardous, _("dangerous goods")),
        (article.cold_chain, _("needs cooling")),
    )
    return listed(words for said, words in told if said)


class ArticleListing(Listing):
    template_name = "oms_portal/desk/articles.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add an article group"), url=self.add_url, icon_name="plus")]


class Articles(ModelViewSet):
    model = Article
    name = "oms_articles"
    url_prefix = "oms/articles"
    icon = "tag"
    menu_label = gettext_lazy("Article groups")
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = ArticleListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    reorder_view_class = Move
    list_display = [
        ArticleTitle("name", label=gettext_lazy("Group"), url_name="oms_articles:edit"),
        Text("category", label=gettext_lazy("Category")),
        Text("brand", label=gettext_lazy("Brand")),
        Text("tags", label=gettext_lazy("Tags"), accessor=lambda row: listed(row.tags)),
        Text("marks", label=gettext_lazy("Besides"), accessor=marks),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ArticleForm]:
        return ArticleForm
