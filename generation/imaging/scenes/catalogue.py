"""All drawn products, in the order in which the demonstration shows them."""

from generation.imaging.scenes import beauty, home, pantry
from generation.imaging.scenes.photograph import Product

PRODUCTS: tuple[Product, ...] = (*beauty.PRODUCTS, *pantry.PRODUCTS, *home.PRODUCTS)
