"""Is this installation whole, and if not, how is it mended?"""

from __future__ import annotations

from dataset_builder.doctor.diagnosis import Diagnosis, State, examine

__all__ = ["Diagnosis", "State", "examine"]
