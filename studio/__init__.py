"""A photographic studio in Blender: makes the demonstration products. A tool; the program never imports it.

It runs in an environment of its own, which has `bpy` and Pillow; docs/adding.md says how. Lengths are metres, the
camera stands at negative y and looks at the product at the origin, z points up.
"""
