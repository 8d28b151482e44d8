"""Exposures as columns: kinds of data spelled out from the masks in which they are counted."""

from typing import Any

import numpy as np
import pyarrow as pa

from amanat.terms.kinds import kinds_of


def kinds_column(masks: Any) -> pa.Array:
    """[n] lists of kinds, from masks; each different mask is spelled out once."""
    unique, number = np.unique(masks, return_inverse=True)
    return pa.array([list(kinds_of(int(mask))) for mask in unique], pa.list_(pa.string())).take(pa.array(number))
