from metate import njit


class Settings:
    scale = 2.0


settings = Settings()


@njit
def f(x):
    return settings


f(1.0)


# MT1003: 'settings' is a Settings, which compiled code cannot use
#   --> MT1003_global_object.py:13:5 in f
#    13 |     return settings
#       |     ~~~~~~~~~~~~~~~
