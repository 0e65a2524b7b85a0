"""Sweeps: many scenarios of one model, compiled once, each written as arrays, solved from one basis and certified."""
