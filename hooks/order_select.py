"""order-select: an order is chosen and not signed yet."""

from hooks.card_text import load_card_texts
from hooks.messages import ORDER_SELECT
from hooks.order_answer import answer_orders
from hooks.service import HookService

_TEXTS = load_card_texts()

SERVICE = HookService(
    id="hcc-after-sorafenib-order-select",
    hook=ORDER_SELECT,
    title=_TEXTS.say("order-select.title"),
    description=_TEXTS.say("order-select.description"),
    usage_requirements=_TEXTS.say("order-select.usage-requirements"),
    answer=answer_orders,
)
