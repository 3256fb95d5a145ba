#!/bin/sh
# Repositories whose commits have the same names everywhere.
set -e
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
at() { export GIT_AUTHOR_DATE="2020-01-0$1T00:00:00Z" GIT_COMMITTER_DATE="2020-01-0$1T00:00:00Z"; }
case ${1:-first} in
first)
    git init -q -b main work && cd work
    at 1; echo one > a.txt; git add .; git commit -qm one; git tag v1; git tag -a -m noted annotated
    at 2; echo two > a.txt; mkdir d; echo b > d/b.txt; git add .; git commit -qm two; git tag v2
    at 3; git checkout -q -b other v1; echo other > o.txt; git add .; git commit -qm other; git checkout -q main
    git clone -q --bare . ../origin.git ;;
second)
    cd work
    at 4; echo three > a.txt; git commit -qam three; git push -q ../origin.git main ;;
empty)
    cd work
    at 5; git commit -qm nothing --allow-empty; git push -q ../origin.git main ;;
submodules)
    git init -q -b main library && cd library
    at 1; echo s > s.txt; git add .; git commit -qm s; cd ..; git clone -q --bare library library.git
    git init -q -b main whole && cd whole
    echo t > t.txt; git -c protocol.file.allow=always submodule --quiet add -b main "file://$PWD/../library.git" lib
    git add .; git commit -qm t; cd ..; git clone -q --bare whole whole.git ;;
library)
    cd library
    at 6; echo n > s.txt; git commit -qam n; git push -q ../library.git main ;;
whole)
    cd whole
    at 7; git -C lib -c protocol.file.allow=always pull -q; git commit -qam more; git push -q ../whole.git main ;;
esac
