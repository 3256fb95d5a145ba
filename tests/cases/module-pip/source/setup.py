from setuptools import setup

setup(name="nafal-edit", version="1.0", py_modules=[])
