"""The project's own picture maker: photographs of invented products, drawn from distance fields under studio light.

`catalogue.PRODUCTS` lists what can be drawn, `photograph.draw` takes the picture, `album` keeps pictures in a folder.
"""
