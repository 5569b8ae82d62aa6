# Shared by run, test, bench and .ci/run: finds or installs what they stand on, and says what it does.
# shellcheck shell=bash

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "Cannot install packages: not root and no sudo. Install by hand: $*"; fi
}

install_packages() {
  command -v apt-get >/dev/null || fail "Please install: $* (this is not Debian or Ubuntu, so it is not done for you)."
  echo "Installing $* …"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    || fail "Could not install $*."
}

need_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  dotnet --version >/dev/null 2>&1 || fail "The .NET SDK found does not satisfy global.json: a 10.0 SDK is needed."
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

# Sets PG_BIN to the newest PostgreSQL's programs.
need_postgres() {
  find_postgres || {
    install_packages postgresql
    find_postgres || fail "PostgreSQL was installed but its programs are not under /usr/lib/postgresql."
  }
}

find_postgres() {
  PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$PG_BIN" ] && [ -x "$PG_BIN/initdb" ]
}

need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then install_packages nodejs npm; fi
}

# PostgreSQL refuses to run as root; its own user does it then.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

# start_cluster DIRECTORY: a private cluster there, started; sets CLUSTER, CLUSTER_PORT and CONTACTCENTER_DB.
start_cluster() {
  local home=$1
  mkdir -p "$home" || fail "Cannot create $home: check the directory's rights."
  if [ "$(id -u)" = 0 ] && ! runuser -u postgres -- test -x "$home"; then
    # The checkout lies where the database's user may not go, in root's own home say.
    home=/var/lib/contactcenter/$(printf '%s' "$home" | cksum | cut -d' ' -f1)
    echo "The database's user cannot enter $1; the cluster is kept in $home."
    mkdir -p "$home" || fail "Cannot create $home."
  fi
  if [ "$(id -u)" = 0 ]; then chown postgres "$home"; fi
  CLUSTER=$home/postgres

  if [ ! -f "$CLUSTER/PG_VERSION" ]; then
    echo "Making a private PostgreSQL cluster …"
    local secret
    secret=$(od -An -tx1 -N24 /dev/urandom | tr -d ' \n')
    (umask 077; printf '%s' "$secret" > "$home/postgres.password")
    [ "$(id -u)" = 0 ] && chown postgres "$home/postgres.password"
    as_postgres "$PG_BIN/initdb" -D "$CLUSTER" -U contactcenter --pwfile="$home/postgres.password" \
      --auth=scram-sha-256 -E UTF8 --locale=C >/dev/null || fail "initdb failed in $CLUSTER."
  fi

  # A cluster that outlived its script, after a kill -9 say, is taken over as it runs.
  if as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER" status >/dev/null 2>&1; then
    CLUSTER_PORT=$(sed -n 4p "$CLUSTER/postmaster.pid")
    echo "PostgreSQL is running already on port $CLUSTER_PORT."
  else
    start_server
  fi
  local password
  password=$(cat "$home/postgres.password")
  export CONTACTCENTER_DB="Host=127.0.0.1;Port=$CLUSTER_PORT;Username=contactcenter;Password=$password;Database=contactcenter"
  PGPASSWORD=$password "$PG_BIN/psql" -h 127.0.0.1 -p "$CLUSTER_PORT" -U contactcenter -d postgres -Atqc \
    "select 1 from pg_database where datname = 'contactcenter'" | grep -q 1 \
    || PGPASSWORD=$password "$PG_BIN/createdb" -h 127.0.0.1 -p "$CLUSTER_PORT" -U contactcenter contactcenter
}

# Without the caller's lock (run), which would last as long as the server.
start_server() {
  CLUSTER_PORT=${CLUSTER_PORT:-$(free_port 54320)}
  as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER" -w -s -l "$CLUSTER/server.log" start \
    -o "-p $CLUSTER_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=256MB -c max_wal_size=2GB -c max_connections=200" 8>&- \
    || fail "PostgreSQL did not start; see $CLUSTER/server.log."
}

# Brings a killed server back on its port, until the script ends, however it does.
keep_cluster() {
  while sleep 2 && kill -0 $$ 2>/dev/null; do
    as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER" status >/dev/null 2>&1 && continue
    echo "PostgreSQL is gone; starting it again." >&2
    (start_server) || true
  done
}

stop_cluster() {
  [ -n "${CLUSTER:-}" ] && as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER" -s -m fast stop >/dev/null 2>&1
  return 0
}
