#!/bin/sh
# What mod_fcgid starts on shared hosting; see htaccess.  The process serves
# itself (no children), since mod_fcgid starts as many as it wants.
PARLEY_CONFIG=$HOME/parley/parley.ini
PARLEY_API_CHILDREN=0
export PARLEY_CONFIG PARLEY_API_CHILDREN
exec "$HOME/parley/parley-api"
