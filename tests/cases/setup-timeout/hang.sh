#!/bin/sh
# A file system whose server never answers.
exec 3<>/dev/fuse
mount -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 host:/slow /mnt
exec sleep 600
