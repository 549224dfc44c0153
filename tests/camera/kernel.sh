# Sourced by machine.sh: Debian's kernel and the camera drivers, downloaded and built once and then kept.
#
# The result is a folder with three files: `vmlinuz`, `base.cpio` (busybox and the drivers, in the order in which they
# load) and `release` (the version). It is made in a folder of its own and moved into place at the end, under a lock:
# runs that start together make it once, and a run that is cut short leaves nothing that the next one would trust.

# Rises with every change of what the folder holds; older folders are then no longer looked at.
readonly kernel_layout=1
readonly drivers=(vivid v4l2loopback vhci-hcd uvcvideo)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/bowerbird/camera-machine
kernel=$cache/kernel-$kernel_layout

# give_up MESSAGE: the machine cannot be set up, which is another thing than a case that failed.
give_up() {
    echo "camera machine: $1" >&2
    exit 125
}

# missing_packages: the Debian packages that are still to be installed, on one line.
missing_packages() {
    local missing=()
    command -v qemu-system-x86_64 >/dev/null || missing+=(qemu-system-x86)
    [ -e /usr/share/seabios/bios-256k.bin ] || missing+=(seabios)
    # A busybox that needs libraries would not start in the machine.
    if ! command -v busybox >/dev/null || ldd "$(command -v busybox)" >/dev/null 2>&1; then
        missing+=(busybox-static)
    fi
    command -v cpio >/dev/null || missing+=(cpio)
    command -v v4l2-ctl >/dev/null || missing+=(v4l-utils)
    if [ ! -d "$kernel" ]; then
        command -v depmod >/dev/null || missing+=(kmod)
        command -v gcc >/dev/null || missing+=(gcc)
        command -v make >/dev/null || missing+=(make)
        command -v strip >/dev/null || missing+=(binutils)
        # The kernel's object checker, which every module passes through, is linked to it.
        ldconfig -p | grep -q 'libelf\.so\.1 ' || missing+=(libelf1)
    fi
    echo "${missing[*]}"
}

# dependencies PACKAGE PATTERN: the names of what a package depends on, of those that match.
dependencies() {
    # Unknown packages have none.
    { apt-cache depends "$1" 2>/dev/null || true; } | awk -v pattern="$2" '$1 == "Depends:" && $2 ~ pattern { print $2 }'
}

# download FOLDER PACKAGE…: fetches packages without installing them.
download() {
    local folder=$1 log=$1/apt.log
    shift
    (cd "$folder" && apt-get download -qq "$@") >"$log" 2>&1 && return
    # The list of packages may be older than what the servers still hold.
    if [ "$(id -u)" -eq 0 ] && apt-get update -qq >>"$log" 2>&1; then
        (cd "$folder" && apt-get download -qq "$@") >>"$log" 2>&1 && return
    fi
    give_up "cannot download $*; try 'sudo apt-get update'. apt says: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
}

# unpack FOLDER PACKAGE_FILE…
unpack() {
    local folder=$1 package
    shift
    for package in "$@"; do
        dpkg --fsys-tarfile "$package" | tar -x -C "$folder" --exclude='./usr/share/doc' --exclude='./boot/System.map*'
        rm "$package"
    done
    # Debian has moved the modules from /lib to /usr/lib.
    [ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
}

# build_loopback FOLDER RELEASE: v4l2loopback is no part of the kernel; Debian ships its source.
build_loopback() {
    local folder=$1 release=$2 headers=$1/usr/src/linux-headers-$2 source log=$1/build.log
    source=$(echo "$folder"/usr/src/v4l2loopback-*)
    # The headers expect to be installed.
    sed -i "s|/usr/|$folder/usr/|" "$headers/Makefile"
    make -C "$headers" M="$source" CC=gcc modules >"$log" 2>&1 ||
        give_up "v4l2loopback does not build for $release: $(grep -m1 -i 'error' "$log" || tail -n1 "$log")"
    mkdir "$folder/lib/modules/$release/extra"
    cp "$source/v4l2loopback.ko" "$folder/lib/modules/$release/extra/"
}

# collect_drivers FOLDER RELEASE TARGET: the modules that the drivers need, plain and small, and the order they load in.
collect_drivers() {
    local folder=$1 release=$2 target=$3 driver module name
    depmod -b "$folder" "$release" 2>/dev/null
    for driver in "${drivers[@]}"; do
        modprobe -d "$folder" -S "$release" --show-depends "$driver" ||
            give_up "the driver $driver is not in $release"
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$folder/order"
    while read -r module; do
        name=$(basename "$module")
        case $name in
        *.xz) busybox xz -dc "$module" >"$target/${name%.xz}" ;;
        *) cp "$module" "$target/" ;;
        esac
        name=${name%.xz}
        strip --strip-debug "$target/$name"
        echo "$name" >>"$target/order"
    done <"$folder/order"
}

# prepare_kernel: fills the cache, if it is not filled.
prepare_kernel() {
    mkdir -p "$cache" || give_up "cannot write to $cache; set XDG_CACHE_HOME to a folder of yours"
    exec 9>"$cache/lock"
    flock 9
    if [ ! -d "$kernel" ]; then
        # In a shell of its own, so that the folder goes whatever happens. Any failure means that there is no machine.
        (
            new=$(mktemp -d "$cache/new.XXXXXX")
            trap 'status=$?; rm -rf "$new"; [ "$status" -eq 0 ] || exit 125' EXIT
            make_kernel "$new"
        )
    fi
    exec 9>&-
}

# make_kernel FOLDER: does the work of prepare_kernel in an empty folder.
make_kernel() {
    local new=$1 image headers release
    [ "$(uname -m)" = x86_64 ] || give_up "only x86-64 is supported; this is $(uname -m)"
    command -v apt-get >/dev/null || give_up "Debian's kernel comes through apt-get, which is not here"
    image=$(dependencies linux-image-amd64 '^linux-image-[0-9]')
    headers=$(dependencies linux-headers-amd64 '^linux-headers-[0-9]')
    if [ -z "$image" ] || [ -z "$headers" ]; then
        give_up "apt knows no linux-image-amd64; on Debian, 'sudo apt-get update' helps"
    fi
    release=${image#linux-image-}
    echo "camera machine: fetching $image, once" >&2

    mkdir "$new/packages" "$new/root" "$new/base" "$new/kernel"
    # shellcheck disable=SC2046 # several names
    download "$new/packages" "$image" "$headers" $(dependencies "$headers" '^linux-(headers|kbuild)-') v4l2loopback-dkms
    unpack "$new/root" "$new"/packages/*.deb
    build_loopback "$new/root" "$release"

    mkdir -p "$new"/base/{bin,dev,drivers,etc,lib,lib64,proc,sys,tmp}
    cp "$(command -v busybox)" "$new/base/bin/"
    collect_drivers "$new/root" "$release" "$new/base/drivers"
    (cd "$new/base" && find . | cpio --quiet -o -H newc -R 0:0 >"$new/kernel/base.cpio")
    cp "$new/root/boot/vmlinuz-$release" "$new/kernel/vmlinuz"
    echo "$release" >"$new/kernel/release"
    mv "$new/kernel" "$kernel"
}
