"""A thin hand for shader nodes: make one, set its inputs, wire it."""

from typing import Any

import bpy

Socket = Any
Colour = tuple[float, float, float]


def colour(code: str) -> Colour:
    """Return the linear colour of an sRGB code such as "#c86b4a"."""
    parts = (int(code[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


class Shader:
    """One material under construction, with a principled surface."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]
        self.output = self.tree.nodes["Material Output"]

    def set(self, **values: Any) -> "Shader":
        """Set inputs of the surface; a socket is wired, "base_color" means "Base Color"."""
        known = {socket.name.lower().replace(" ", "_"): socket for socket in self.surface.inputs}
        for name, value in values.items():
            self._give(known[name], value)
        return self

    def node(
        self, kind: str, output: str | int = 0, /, inputs: dict[Any, Any] | None = None, **settings: Any
    ) -> Socket:
        """Add a node with settings (attributes) and inputs (values or sockets); return one of its outputs."""
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        for key, value in (inputs or {}).items():
            self._give(node.inputs[key], value)
        return node.outputs[output]

    def place(self, stretch: tuple[float, float, float] = (1, 1, 1), kind: str = "Object") -> Socket:
        """Coordinates of the object (metres), or "UV", stretched."""
        where = self.node("ShaderNodeTexCoord", kind)
        return self.node("ShaderNodeMapping", inputs={"Vector": where, "Scale": stretch})

    def noise(self, scale: float, detail: float = 3, stretch: tuple[float, float, float] = (1, 1, 1)) -> Socket:
        """Grey noise, `scale` grains a metre, between 0 and 1."""
        inputs = {"Vector": self.place(stretch), "Scale": scale, "Detail": detail}
        return self.node("ShaderNodeTexNoise", "Fac", inputs=inputs)

    def ramp(self, factor: Socket, *stops: tuple[float, Colour]) -> Socket:
        """Colours along a factor."""
        made = self.tree.nodes.new("ShaderNodeValToRGB")
        self._give(made.inputs["Fac"], factor)
        elements = made.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, tint) in zip(elements, stops, strict=True):
            element.position, element.color = position, (*tint, 1)
        return made.outputs["Color"]

    def remap(self, factor: Socket, low: float, high: float, start: float = 0.0, end: float = 1.0) -> Socket:
        """Map start..end linearly to low..high, clamped."""
        inputs = {"Value": factor, "From Min": start, "From Max": end, "To Min": low, "To Max": high}
        return self.node("ShaderNodeMapRange", inputs=inputs)

    def bump(self, height: Socket, strength: float, distance: float = 0.001) -> "Shader":
        """Let a grey socket raise the surface, by at most `distance` metres."""
        inputs = {"Height": height, "Strength": strength, "Distance": distance}
        return self.set(normal=self.node("ShaderNodeBump", inputs=inputs))

    def mix(self, factor: Socket, low: Any, high: Any) -> Socket:
        """Mix two colours (sockets or values)."""
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type = "RGBA"
        for socket, value in zip((node.inputs[0], node.inputs[6], node.inputs[7]), (factor, low, high), strict=True):
            self._give(socket, value)
        return node.outputs[2]

    def _give(self, socket: Socket, value: Any) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and socket.type == "RGBA":
            socket.default_value = (*value[:3], 1)
        else:
            socket.default_value = value
