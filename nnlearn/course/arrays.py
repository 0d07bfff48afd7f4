"""Several arrays as one argument of a check: weights of layers, or a mean and a variance."""

import numpy as np


class WrittenInto(ValueError):
    pass


class Arrays(tuple[np.ndarray, ...]):
    """Several arrays as one argument: copied deeply, in float32 together, watched for writing."""

    copied: "Arrays"

    @property
    def dtype(self) -> np.dtype:
        return self[0].dtype

    def astype(self, dtype: type) -> "Arrays":
        return Arrays(a.astype(dtype) for a in self)

    def copy(self) -> "Arrays":
        self.copied = Arrays(a.copy() for a in self)
        return self.copied

    def must_be_unwritten(self, name: str) -> None:
        """Raise if whoever got the last copy has written into it."""
        if any(not np.array_equal(a, b) for a, b in zip(self, self.copied, strict=True)):
            raise WrittenInto(f"your function wrote into its input {name}")

    def __repr__(self) -> str:
        if sum(a.size for a in self) > 12:
            return f"{len(self)} arrays, " + ", ".join(str(a.shape) for a in self)
        return ", ".join(
            np.array2string(a, precision=3, separator=", ").replace("\n", "") for a in self
        )
