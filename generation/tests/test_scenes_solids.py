"""Distance fields tell the truth: never further than the surface, zero on it, normals pointing out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.imaging.scenes.fields import Field, RoundedBox, Turned, vector
from generation.imaging.scenes.solids import Lathe, Rod, curve, rounded
from generation.imaging.scenes.tracer import first_hits

CYLINDER = Lathe(rounded([(0, 0, 0), (0.3, 0, 0), (0.3, 0.8, 0), (0, 0.8, 0)]))
COORDINATE = st.floats(-2, 2, allow_nan=False, width=32)


@given(x=COORDINATE, y=COORDINATE, z=COORDINATE)
@settings(max_examples=200, deadline=None)
def test_turned_cylinder_never_overstates_its_distance(x: float, y: float, z: float) -> None:
    beside, above = np.hypot(x, z) - 0.3, abs(y - 0.4) - 0.4
    truth = np.hypot(max(beside, 0), max(above, 0)) + min(max(beside, above), 0)
    found = float(CYLINDER.distance(vector(x, y, z)[None])[0])
    assert found <= truth + 2e-3
    assert (found > 0) == (truth > 0) or abs(truth) < 2e-3


@pytest.mark.parametrize(
    "solid",
    [
        CYLINDER,
        RoundedBox((0.6, 0.8, 0.4), 0.05),
        Turned(RoundedBox((0.6, 0.8, 0.4), 0.05), 30),
        Rod(curve([(-0.3, 0.1), (0.0, 0.6), (0.3, 0.1)]), 0.1),
    ],
    ids=["lathe", "box", "turned box", "rod"],
)
def test_rays_land_on_the_surface_and_normals_face_the_camera(solid: Field) -> None:
    across, up = np.meshgrid(np.linspace(-0.5, 0.5, 40, dtype=np.float32), np.linspace(0, 0.9, 40, dtype=np.float32))
    origins = np.stack([across.ravel(), up.ravel(), np.full(1600, 3, np.float32)], axis=1)
    rays = np.broadcast_to(vector(0, 0, -1), origins.shape)
    length, _, met = first_hits([solid], origins, rays)
    landed = origins[met] + rays[met] * length[met, None]
    assert met.sum() > 100
    assert np.abs(solid.distance(landed)).max() < 2e-3
    assert (solid.normal(landed)[:, 2] > -0.05).all()


def test_turning_moves_the_front_to_the_right() -> None:
    turned = Turned(RoundedBox((0.2, 0.5, 1.0)), 90)
    low, high = turned.bounds
    assert np.allclose([low[0], high[0]], [-0.5, 0.5], atol=1e-5)
    assert np.allclose(turned.local(vector(1, 0, 0)[None]), vector(0, 0, 1), atol=1e-6)
