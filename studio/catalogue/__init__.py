"""Everything there is to photograph, in the order of products.json."""

from studio.catalogue.bath import BATH
from studio.catalogue.home import HOME
from studio.catalogue.pantry import PANTRY
from studio.catalogue.table import TABLE
from studio.catalogue.worn import WORN

PRODUCTS = (*BATH, *PANTRY, *TABLE, *HOME, *WORN)
