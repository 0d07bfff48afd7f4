"""Module: a layer, or layers inside layers. It finds its own parameters and names them by path.

Lessons: 00.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import Tensor


class Parameter(Tensor):
    """A Tensor that a Module counts among its own, and that training changes."""

    __slots__ = ()

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Module:
    """A part of a network: write `forward`, call the module.

    Parameters and modules among the attributes are found in the order in which they were set, and
    named by their path: "0.weight" is the weight of layer 0.
    """

    training = True
    _hooks: tuple[Callable, ...] = ()

    def forward(self, *inputs: Any) -> Any:
        """Compute the output. Every module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} needs a method forward(self, x)")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        try:
            output = self.forward(*inputs, **named)
        except ShapeError as error:  # say which layer met it, as seen from the outermost module
            error.layer = error.layer or self
            paths = (path for path, module in self.named_modules() if module is error.layer)
            error.path = next(paths, "") or error.path
            raise
        for hook in self._hooks:
            hook(self, inputs, output)
        return output

    def register_forward_hook(self, hook: Callable[[Module, tuple, Any], None]) -> Any:
        """Call hook(module, inputs, output) after each forward, until `.remove()` of the result."""
        self._hooks = (*self._hooks, hook)

        def remove() -> None:
            self._hooks = tuple(h for h in self._hooks if h is not hook)

        return SimpleNamespace(remove=remove)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) for the modules directly inside."""
        return ((name, m) for name, m in vars(self).items() if isinstance(m, Module))

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """Yield (path, module) for this module ("") and all inside it, outermost first."""
        yield prefix, self
        for name, child in self.named_children():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)

    def modules(self) -> Iterator[Module]:
        """Yield this module and all inside it."""
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[Module]:
        """Yield the modules directly inside."""
        return (module for _, module in self.named_children())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield (path, parameter); one that is shared comes once, under its first path."""
        seen = set()
        for path, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, Parameter) and value not in seen:
                    seen.add(value)
                    yield (f"{path}.{name}" if path else name), value

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter, in definition order."""
        return (parameter for _, parameter in self.named_parameters())

    def zero_grad(self) -> None:
        """Forget the gradients: backward adds to what it finds."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode: bool = True) -> Module:
        """Switch to training behaviour (some layers differ when they are used)."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to the behaviour of a finished network."""
        return self.train(False)

    def to(self, dtype: Any) -> Module:
        """Change the dtype of all parameters."""
        for parameter in self.parameters():
            parameter.data = parameter.data.astype(dtype)
        return self

    def double(self) -> Module:
        """Change all parameters to float64."""
        return self.to(np.float64)

    def float(self) -> Module:
        """Change all parameters to float32."""
        return self.to(np.float32)

    def state_dict(self) -> dict[str, Tensor]:
        """Return a copy of every parameter by its path. (In PyTorch it shares memory.)"""
        return {path: Tensor(parameter.data.copy()) for path, parameter in self.named_parameters()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Copy values, arrays or Tensors, into the parameters of the same path; all must fit."""
        own = dict(self.named_parameters())
        wrong = [f"missing: {path}" for path in own if path not in state_dict]
        wrong += [f"unknown: {path}" for path in state_dict if path not in own]
        for path in own.keys() & state_dict.keys():
            have, need = np.shape(state_dict[path]), own[path].shape
            wrong += [f"{path} has shape {have}, needs {need}"] if have != need else []
        if wrong:
            more = f" (and {len(wrong) - 2} more)" if len(wrong) > 2 else ""
            raise ValueError(
                f"load_state_dict: the values do not fit this {type(self).__name__}\n"
                + "\n".join(wrong[:2])
                + more
            )
        for path, parameter in own.items():
            parameter.data[...] = np.asarray(state_dict[path])

    def extra_repr(self) -> str:
        """Return what stands between the brackets in repr."""
        return ""

    def __repr__(self) -> str:
        """Write the module as it was built, one line for each module inside, and count."""
        inside = "".join(f"\n({name}): {child!r}" for name, child in self.named_children())
        inside = inside.replace("\n", "\n  ") + "\n" if inside else ""
        count = sum(p.data.size for p in self.parameters())
        note = f"  # {count:,} parameters" if count else ""
        return f"{type(self).__name__}({self.extra_repr()}{inside}){note}"


class Sequential(Module):
    """Modules in a row: each gets what the one before it gave.

    Example
    -------
    >>> from nnlearn import nn
    >>> nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    Sequential(
      (0): Linear(in_features=64, out_features=32, bias=True)  # 2,080 parameters
      (1): ReLU()
      (2): Linear(in_features=32, out_features=10, bias=True)  # 330 parameters
    )  # 2,410 parameters
    """

    def __init__(self, *modules: Module) -> None:
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(
                    f"Sequential: argument {i} is {module!r}, not a module\n"
                    "Give an instance of a layer: nn.ReLU(), not nn.ReLU and not F.relu."
                )
            setattr(self, str(i), module)

    def forward(self, x: Any) -> Any:
        for module in self.children():
            x = module(x)
        return x

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Module:
        modules = list(self.children())
        return Sequential(*modules[index]) if isinstance(index, slice) else modules[index]
