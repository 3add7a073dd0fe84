"""order-sign: orders are about to be signed."""

from hooks.card_text import load_card_texts
from hooks.messages import ORDER_SIGN
from hooks.order_answer import answer_orders
from hooks.service import HookService

_TEXTS = load_card_texts()

SERVICE = HookService(
    id="hcc-after-sorafenib-order-sign",
    hook=ORDER_SIGN,
    title=_TEXTS.say("order-sign.title"),
    description=_TEXTS.say("order-sign.description"),
    usage_requirements=_TEXTS.say("order-sign.usage-requirements"),
    answer=answer_orders,
)
