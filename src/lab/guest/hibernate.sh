#!/bin/sh
# Saves the guest's memory to /dev/vda and powers off; goes on here after the resume.
disk=/dev/vda
[ -b "$disk" ] || { echo 'hibernate: there is no disk'; exit 1; }
case "$(hibernation-image "$disk")" in
  SWAPSPACE2) ;;
  '') mkswap "$disk" >/dev/null ;;
  *) echo "hibernate: $disk holds something else than swap space"; exit 1 ;;
esac
swapon "$disk" || exit 1
# The smaller the image, the fewer pages to write and to read again.
echo 0 >/sys/power/image_size
echo 'hibernating'
if echo disk >/sys/power/state; then
  outcome="resumed, marker $(cat /run/marker)"
else
  outcome='hibernate: the kernel refused'
fi
# Takes its time, and whoever reads the outcome may ask to hibernate again.
swapoff "$disk"
echo "$outcome"
