#!/bin/sh
# prepare.sh KERNEL_BYTES INITRAMFS_BYTES: prepares the lab host for measuring. Mounts the disk with QEMU, takes the
# guest's image from the disks it comes on, and makes a tap on a bridge, whose address is the guest's peer.
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

# Not busybox's, which makes no taps.
/usr/bin/ip link add benchbr type bridge
/usr/bin/ip tuntap add benchtap mode tap vnet_hdr
/usr/bin/ip link set benchtap master benchbr up
/usr/bin/ip address add 10.77.0.1/24 dev benchbr
/usr/bin/ip link set benchbr up
