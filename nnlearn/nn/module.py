"""Module: a layer, or layers inside layers. It finds its own parameters and names them by path.

Lessons: 00.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import Tensor


class Parameter(Tensor):
    """A Tensor that a Module counts among its own, and that training changes."""

    __slots__ = ()

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "grad": None}  # a copy of a model starts without

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class LoadResult(NamedTuple):
    """What load_state_dict found on one side only."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module:
    """A part of a network: write `forward`, call the module.

    Parameters and modules among the attributes are found in the order in which they were set, and
    named by their path: "0.weight" is the weight of layer 0.
    """

    training = True
    _hooks: tuple[Callable, ...] = ()
    _buffers: tuple[str, ...] = ()  # names of tensors that belong to the state but are not trained
    _unsaved: tuple[str, ...] = ()  # those of them that state_dict leaves out

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
            changed = hook(self, (*inputs, *named.values()), output)
            output = output if changed is None else changed
        return output

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(vars(self).get(name), Parameter) and type(value) is Tensor:
            raise TypeError(
                f"{type(self).__name__}.{name} is a parameter; a tensor would not be trained\n"
                f"Write nn.Parameter(...), or under no_grad: {name}.copy_(...)"
            )
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        kind = type(self).__name__
        raise AttributeError(
            f"{kind} has no {name}\nIf PyTorch's has one, it is not part of nnlearn.", name=name
        )

    def register_forward_hook(self, hook: Callable[[Module, tuple, Any], None]) -> Any:
        """Call hook(module, inputs, output) after each forward, until `.remove()` of the result.

        `inputs` are all arguments, those given by name last (PyTorch leaves them out). What the
        hook returns, if anything, takes the place of the output.
        """
        self._hooks = (*self._hooks, hook)

        def remove() -> None:
            self._hooks = tuple(h for h in self._hooks if h is not hook)

        return SimpleNamespace(remove=remove)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) for the modules directly inside."""
        return ((name, m) for name, m in vars(self).items() if isinstance(m, Module))

    def named_modules(
        self, prefix: str = "", seen: set[Module] | None = None
    ) -> Iterator[tuple[str, Module]]:
        """Yield (path, module): this module under "", then all inside it, each once."""
        seen = set() if seen is None else seen
        if self not in seen:
            seen.add(self)
            yield prefix, self
            for name, child in self.named_children():
                yield from child.named_modules(_join(prefix, name), seen)

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
                    yield _join(path, name), value

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Yield (path, tensor) for all that belongs to the state but is not trained."""
        for path, module in self.named_modules():
            for name in module._buffers:
                if getattr(module, name) is not None:
                    yield _join(path, name), getattr(module, name)

    def buffers(self) -> Iterator[Tensor]:
        """Yield every buffer."""
        return (buffer for _, buffer in self.named_buffers())

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep a tensor as part of the state, such as a running mean: saved, but not trained."""
        self._buffers = (*self._buffers, name)
        if not persistent:
            self._unsaved = (*self._unsaved, name)
        setattr(self, name, tensor)

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Keep a parameter, or None where there might be one."""
        setattr(self, name, parameter)

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter, in definition order."""
        return (parameter for _, parameter in self.named_parameters())

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or write zeros: backward adds to what it finds."""
        for p in self.parameters():
            p.grad = None if set_to_none or p.grad is None else Tensor(np.zeros_like(p.data))

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Train the parameters, or freeze them."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def add_module(self, name: str, module: Module | None) -> None:
        """Keep a module under a name that is computed."""
        setattr(self, name, module)

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call fn with every module inside, and then with this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Module:
        """Switch to training behaviour (some layers differ when they are used)."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to the behaviour of a finished network."""
        return self.train(False)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Be in eval() for a while; after that each module has its own mode again."""
        modes = [(module, module.training) for module in self.modules()]
        self.eval()
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode

    def to(self, *target: Any, **named: Any) -> Module:
        """Change the dtype of all parameters and of the buffers that are not integers."""
        for tensor in (*self.parameters(), *self.buffers()):
            if tensor.data.dtype.kind == "f":
                tensor.data = tensor.detach().to(*target, **named).data
        return self

    def double(self) -> Module:
        """Change to float64."""
        return self.to(np.float64)

    def float(self) -> Module:
        """Change to float32."""
        return self.to(np.float32)

    def _state(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """Yield (path, tensor) for all that state_dict holds, in PyTorch's order.

        A shared tensor comes under each of its paths.
        """
        own = vars(self)
        names = [name for name, value in own.items() if isinstance(value, Parameter)]
        names += [name for name in self._buffers if name not in self._unsaved]
        for name in names:
            if own[name] is not None:
                yield prefix + name, own[name]
        for name, child in self.named_children():
            yield from child._state(f"{prefix}{name}.")

    def state_dict(self) -> dict[str, Tensor]:
        """Return a copy of every parameter and buffer by its path. (In PyTorch: no copy.)"""
        return {path: Tensor(tensor.data.copy()) for path, tensor in self._state()}

    def load_state_dict(self, state_dict: dict[str, Any], strict: bool = True) -> LoadResult:
        """Copy values, arrays or Tensors, into the parameters and buffers of the same path.

        Parameters
        ----------
        state_dict : values by path; every shape must fit
        strict : whether the paths must be the same on both sides

        Returns
        -------
        missing_keys, unexpected_keys : what only this module has, what only state_dict has

        Raises: ValueError that names what does not fit; then nothing has been changed.
        """
        own = dict(self._state())
        missing = [path for path in own if path not in state_dict]
        unknown = [path for path in state_dict if path not in own]
        wrong = [f"missing: {p}" for p in missing] + [f"unknown: {p}" for p in unknown]
        wrong = wrong if strict else []
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
        for path, tensor in own.items():
            if path in state_dict:
                tensor.data[...] = np.asarray(state_dict[path])
        return LoadResult(missing, unknown)

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


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
