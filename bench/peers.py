#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peers.py -n NAME -l LIST -r REPEAT -t THREADS -f FACTS -o OUTPUT -j JUDGE TASK [INPUT...]: Python packages of Debian
on the same list, with the lines that bench/measure.h describes. A package that is not installed has the verdict "not
there". A new peer is a function in TASKS, which calls measure with what to time and how to check its result."""
import array
import getopt
import gzip
import importlib
import resource
import struct
import subprocess
import sys
import time

options, rest = getopt.getopt(sys.argv[1:], "n:l:r:t:f:o:j:")
options = dict(options)
words = open(options["-f"], encoding="ascii").read().split()
facts = {name: int(value) for name, value in zip(words[::2], words[1::2])}


def say(who, task, wall, cpu, peak, verdict, remarks):
    print(who, task, options["-l"], options.get("-t", 1), options.get("-r", 1), wall, cpu, peak, verdict, remarks,
          sep="\t", flush=True)


def package(who, task):
    try:
        return importlib.import_module({"python-igraph": "igraph", "graph-tool": "graph_tool.all"}.get(who, who))
    except ImportError:
        say(who, task, "-", "-", "-", "not there", "Debian: python3-" + who.replace("python-", ""))
        sys.exit(0)


def measure(who, task, function, check, remarks=None):
    wall, cpu = time.perf_counter(), time.process_time()
    result = function()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found, wanted = check(result)
    if found != wanted:
        say(who, task, "-", "-", "-", "refused", f"{found}, but the list has {wanted}")
        sys.exit(1)
    say(who, task, f"{wall:.4f}", f"{cpu:.4f}", f"{peak:.1f}", "right",
        remarks(result) if remarks else f"edges={wanted[1]}")
    return result


SIZE = facts["firms"], facts["rows"], facts["cents"]


def cents(values):
    return sum(round(100 * value) for value in values)


def networkx_gexf(path):
    nx = package("networkx", "write-gexf")
    graph = measure("networkx", "load",
                    lambda: nx.read_weighted_edgelist(path, create_using=nx.DiGraph, delimiter="\t"),
                    lambda g: ((len(g), g.number_of_edges(), cents(w for _, _, w in g.edges(data="weight"))), SIZE))

    def lines(_):
        with open(options["-o"], encoding="utf-8") as text:
            marks = [line.lstrip()[:6] for line in text]
        return (marks.count("<node "), marks.count("<edge ")), SIZE[:2]

    measure("networkx", "write-gexf", lambda: nx.write_gexf(graph, options["-o"]), lines)


def python_igraph(path):
    ig = package("python-igraph", "load")

    def rows():
        with gzip.open(path, "rt", encoding="ascii") as text:
            for line in text:
                seller, buyer, value = line.split("\t")
                yield seller, buyer, float(value)

    measure("python-igraph", "load", lambda: ig.Graph.TupleList(rows(), directed=True, weights=True),
            lambda g: ((g.vcount(), g.ecount(), cents(g.es["weight"])), SIZE))


def graph_tool(path):
    gt = package("graph-tool", "load")
    measure("graph-tool", "load",
            lambda: gt.load_graph_from_csv(path, directed=True, hashed=True, eprop_types=["double"],
                                           eprop_names=["weight"], csv_options={"delimiter": "\t"}),
            lambda g: ((g.num_vertices(), g.num_edges(), cents(g.ep["weight"].a)), SIZE))


def graph_tool_of(path, task):
    """The list with its money, for as many threads as ours have."""
    gt, np = package("graph-tool", task), package("numpy", task)
    gt.openmp_set_num_threads(int(options.get("-t", 1)))
    rows = np.fromfile(path, dtype=[("from", "<u4"), ("to", "<u4"), ("cents", "<i8")])
    graph = gt.Graph(directed=True)
    graph.add_vertex(facts["firms"])
    graph.add_edge_list(np.column_stack((rows["from"], rows["to"])))
    return gt, np, graph, graph.new_edge_property("double", rows["cents"] / 100)


def graph_tool_betweenness(path, igraph):
    """By steps, or along ties that are 1 / money long; vertices and, in the same call, edges. It calls ways equally
    long where their sums are the same double, so some are not told as the ties they are: how far off is a remark."""
    task = options["-n"]
    gt, np, graph, money = graph_tool_of(path, task)
    length = graph.new_edge_property("double", 1 / money.a) if task.endswith("lengths") else None
    truth = np.fromfile(igraph)

    def off(found):
        return np.max(np.abs(found[0].a - truth) / np.maximum(truth, 1))

    measure("graph-tool", task, lambda: gt.betweenness(graph, weight=length, norm=False),
            lambda found: ((len(found[0].a), bool(abs(found[0].a.sum() / truth.sum() - 1) < 1e-6)),
                           (facts["firms"], True)),
            lambda found: f"off={off(found):.2g}")


def graph_tool_pagerank(path):
    """Until a step moves all scores together by less than 1e-6, as ours."""
    gt, np, graph, money = graph_tool_of(path, "pagerank-rough")

    def one_more_step(found):
        seller, buyer, tie = graph.get_edges([graph.edge_index]).T
        score, n, value = found.a, facts["firms"], money.a[tie]
        strength = np.bincount(seller, value, n)
        share = np.divide(score, strength, out=np.zeros(n), where=strength > 0)
        moved = .15 / n + .85 * (np.bincount(buyer, share[seller] * value, n) + score[strength == 0].sum() / n)
        return float(np.abs(moved - score).sum())

    measure("graph-tool", "pagerank-rough", lambda: gt.pagerank(graph, damping=.85, weight=money, epsilon=1e-6),
            lambda found: ((len(found.a), bool(one_more_step(found) < 1e-5)), (facts["firms"], True)),
            lambda found: f"step={one_more_step(found):.2g}")


def leidenalg(path, truth):
    """Modularity to convergence: reciprocal ties added up, then directed."""
    la, ig = package("leidenalg", "leiden-converged"), package("python-igraph", "leiden-converged")
    with open(path, "rb") as text:
        rows = list(struct.iter_unpack("=IIq", text.read()))
    graph = ig.Graph(n=facts["firms"], edges=[row[:2] for row in rows], directed=True)
    graph.es["weight"] = [row[2] / 100 for row in rows]
    both = graph.as_undirected(mode="collapse", combine_edges="sum")

    def judge(found):
        with open(options["-o"], "wb") as clusters:
            array.array("I", found.membership).tofile(clusters)
        return subprocess.run([options["-j"], path, truth, options["-o"]], check=True, capture_output=True,
                              text=True).stdout.strip()

    for task, which in ("leiden-converged", both), ("leiden-directed", graph):
        measure("leidenalg", task,
                lambda: la.find_partition(which, la.ModularityVertexPartition, weights="weight", n_iterations=-1,
                                          seed=int(options.get("-r", 1))),
                lambda found: ((len(found.membership),), SIZE[:1]), judge)


def numpy_disparity(path):
    np = package("numpy", "disparity")
    rows = np.fromfile(path, dtype=[("from", "<u4"), ("to", "<u4"), ("cents", "<i8")])
    s, d, w, n = rows["from"].astype(np.int64), rows["to"].astype(np.int64), rows["cents"] / 100, facts["firms"]

    def both_sides():
        so, si = np.bincount(s, w, n), np.bincount(d, w, n)
        ko, ki = np.bincount(s, minlength=n), np.bincount(d, minlength=n)
        return (np.where(ko[s] > 1, (1 - w / so[s]) ** (ko[s] - 1), 1.0),
                np.where(ki[d] > 1, (1 - w / si[d]) ** (ki[d] - 1), 1.0))

    measure("numpy", "disparity", both_sides, lambda p: ((len(p[0]), len(p[1])), (facts["rows"], facts["rows"])))


TASKS = {"networkx-gexf": networkx_gexf, "numpy-disparity": numpy_disparity, "python-igraph": python_igraph,
         "graph-tool": graph_tool, "graph-tool-betweenness": graph_tool_betweenness,
         "graph-tool-pagerank": graph_tool_pagerank, "leidenalg": leidenalg}
TASKS[rest[0]](*rest[1:])
