#!/bin/sh
# prepare.sh KERNEL_BYTES INITRAMFS_BYTES: prepares the lab host for measuring. Mounts the disk with QEMU, and takes
# the guest's image from the disks it comes on.
set -eu
mkdir -p /run/qemu /tmp/bench
for block in /sys/block/vd*; do
  device=/dev/${block##*/}
  case $(cat "$block/serial") in
    qemu) mount -t ext4 -o ro "$device" /run/qemu ;;
    kernel) head -c "$1" "$device" >/tmp/bench/kernel ;;
    initramfs) head -c "$2" "$device" >/tmp/bench/initramfs ;;
  esac
done
