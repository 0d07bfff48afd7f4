"""Modules that hold modules: in a row, or as a list.

Lessons: 00, 14.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nnlearn.nn.module import Module


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

    def __init__(self, *modules: Any) -> None:
        named = len(modules) == 1 and isinstance(modules[0], dict)  # PyTorch's OrderedDict too
        for name, module in modules[0].items() if named else enumerate(modules):
            _add(self, name, module)

    def append(self, module: Module) -> Sequential:
        """Put one more at the end."""
        _add(self, len(self), module)
        return self

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

    def __setitem__(self, index: int, module: Module) -> None:
        _add(self, list(dict(self.named_children()))[index], module)


class ModuleList(Module):
    """Modules by number, whose parameters count; how they are used is up to `forward`.

    Example
    -------
    >>> from nnlearn import nn
    >>> layers = nn.ModuleList(nn.Linear(4, 4, bias=False) for _ in range(3))
    >>> [name for name, _ in layers.named_parameters()]
    ['0.weight', '1.weight', '2.weight']
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        """Put one more at the end."""
        _add(self, len(self), module)
        return self

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Put several more at the end."""
        for module in modules:
            self.append(module)
        return self

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Module:
        modules = list(self.children())
        return ModuleList(modules[index]) if isinstance(index, slice) else modules[index]

    def __setitem__(self, index: int, module: Module) -> None:
        _add(self, range(len(self))[index], module)


def _add(container: Module, i: int | str, module: Any) -> None:
    """Keep a module under its number."""
    if not isinstance(module, Module):
        raise TypeError(
            f"{type(container).__name__}: argument {i} is {module!r}, not a module\n"
            "Give an instance of a layer: nn.ReLU(), not nn.ReLU and not F.relu."
        )
    setattr(container, str(i), module)
