//! A private MariaDB Galera cluster on the loopback interface.

use std::path::PathBuf;

use super::{Engine, MariaDb, MariaDbEngine, Missing, Options, Port, START, Server, find};

/// What a node's `sql` reports once it has all of the cluster's data and takes part in it.
const SYNCED: (&str, &str) = (
    "SELECT variable_value FROM information_schema.global_status \
     WHERE variable_name = 'wsrep_local_state_comment'",
    "Synced",
);

/// Provider options for the group communication and the write sets kept for rejoining nodes.
///
/// A killed node is excluded, and can come back, after 3 to 6 seconds; the defaults are 5 to 15.
/// Much shorter ones would exclude a node that only waits for a busy machine's processor.
const PROVIDER: &str = "evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S;\
                        evs.install_timeout=PT6S;gcache.size=32M";

/// Nodes that replicate to each other synchronously; a majority of them has to live.
#[derive(Debug)]
pub struct Galera {
    nodes: Vec<MariaDb>,
    // Reserved for the nodes' replication; their clients' ports are their own.
    _ports: Vec<[Port; 3]>,
}

impl Galera {
    /// Starts a cluster of `size` nodes and waits till all are synced and know of each other,
    /// which takes about 5 seconds for each but the first.
    ///
    /// # Errors
    ///
    /// The program or library that isn't installed.
    ///
    /// # Panics
    ///
    /// With the end of a node's log, where one doesn't start.
    pub fn start(size: usize) -> Result<Galera, Missing> {
        Galera::start_with(size, &Options::default())
    }

    /// Like [`start`](Self::start), with other options for all nodes.
    ///
    /// # Errors
    ///
    /// The program or library that isn't installed.
    ///
    /// # Panics
    ///
    /// With the end of a node's log, where one doesn't start.
    pub fn start_with(size: usize, options: &Options) -> Result<Galera, Missing> {
        let dirs = ["/usr/lib/galera", "/usr/lib64/galera-4"].map(PathBuf::from);
        let provider = find("libgalera_smm.so", &dirs, "galera-4")?;
        find("rsync", &[], "rsync")?;
        // mariadbd runs it by its name to copy a node's data to a new one.
        find("wsrep_sst_rsync", &[], "mariadb-server")?;

        let ports: Vec<[Port; 3]> = (0..size)
            .map(|_| std::array::from_fn(|_| Port::reserve()))
            .collect();
        let members: Vec<_> = ports
            .iter()
            .map(|[group, ..]| group.addr().to_string())
            .collect();
        let mut nodes = Vec::new();
        for (index, [group, incremental, snapshot]) in ports.iter().enumerate() {
            let (group, incremental) = (group.addr(), incremental.addr());
            let mut options = options.clone();
            options.settings.extend([
                "wsrep-on=ON".to_owned(),
                format!("wsrep-provider={}", provider.display()),
                format!("wsrep-cluster-address=gcomm://{}", members.join(",")),
                format!("wsrep-node-name=node{index}"),
                "wsrep-node-address=127.0.0.1".to_owned(),
                "wsrep-sst-method=rsync".to_owned(),
                format!("wsrep-sst-receive-address={}", snapshot.addr()),
                "binlog-format=ROW".to_owned(),
                "default-storage-engine=InnoDB".to_owned(),
                "innodb-autoinc-lock-mode=2".to_owned(),
                format!(
                    "wsrep-provider-options=gmcast.listen_addr=tcp://{group};\
                     ist.recv_addr={incremental};{PROVIDER}"
                ),
            ]);
            let node = Server::prepare(options, SYNCED)?;
            // Two that join at once only wait for each other.
            node.launch(if index == 0 {
                &["--wsrep-new-cluster"]
            } else {
                &[]
            });
            nodes.push(node);
        }
        let cluster = Galera {
            nodes,
            _ports: ports,
        };
        for index in 0..size {
            cluster.wait_for_size(index, size);
        }
        Ok(cluster)
    }

    /// The node `index`, counted from 0; node 0 was the cluster's first.
    ///
    /// Its [`restart`](Server::restart) rejoins the others, a majority of which has to live. That
    /// takes 5 seconds once they have excluded the node, or 10 to 25 where it was killed and comes
    /// back before they have; [`wait_for_size`](Self::wait_for_size) on another node tells.
    ///
    /// # Panics
    ///
    /// Where there are fewer nodes.
    pub fn node(&self, index: usize) -> &MariaDb {
        &self.nodes[index]
    }

    /// The nodes' URLs as [`Server::url`] has them.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(MariaDb::url).collect()
    }

    /// Waits till the node `index` knows of `size` members, itself included.
    ///
    /// Ask a node that wasn't frozen: one just thawed knows of as many as before.
    ///
    /// # Panics
    ///
    /// Where that takes longer than two minutes or the node doesn't run.
    pub fn wait_for_size(&self, index: usize, size: usize) {
        let query = "SELECT variable_value FROM information_schema.global_status \
                     WHERE variable_name = 'wsrep_cluster_size'";
        let node = self.node(index);
        let reached = || {
            node.try_sql(MariaDbEngine::DATABASE, query)
                .is_ok_and(|answer| answer == size.to_string())
        };
        node.daemon.wait_until(reached, START);
    }
}
