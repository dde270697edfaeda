"""test_dask – compiled functions on a cluster of several processes."""

import numpy as np
import pytest
from metate import guvectorize, njit, prange

distributed = pytest.importorskip("distributed")
da = pytest.importorskip("dask.array")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with distributed.LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None,
                                  local_directory=str(tmp_path_factory.mktemp("dask"))) as cluster:
        with distributed.Client(cluster) as client:
            yield client


@njit(parallel=True)
def energy(x):
    total = 0.0
    for i in prange(x.size):
        total += x.flat[i] ** 2
    return total


def test_tasks(client):
    arrays = [np.full(100, float(value)) for value in range(200)]
    assert client.gather(client.map(energy, arrays)) == [100.0 * value**2 for value in range(200)]


def test_a_task_is_compiled_once_a_worker(client):
    scale = 2.0

    @njit
    def scaled(x):
        return scale * x

    def compiled(value):
        """The worker, and how many specialisations its function has then."""
        scaled(float(value))
        return distributed.get_worker().id, len(scaled.signatures)

    got = client.gather(client.map(compiled, range(400), batch_size=10))
    assert len({worker for worker, _ in got}) == 2
    assert {count for _, count in got} == {1}


def test_blocks_of_an_array(client):
    @njit
    def smooth(x):
        y = x.copy()
        for i in range(1, x.shape[0] - 1):
            y[i] = (x[i - 1] + x[i] + x[i + 1]) / 3
        return y

    x = np.random.default_rng(4).normal(size=1000)
    got = da.from_array(x, chunks=250).map_overlap(smooth, depth=1, boundary="none").compute()
    np.testing.assert_allclose(got, smooth(x))


def test_generalised_ufuncs(client):
    @guvectorize(["void(float64[:], float64[:])"], "(n)->()")
    def spread(x, result):
        result[0] = x.max() - x.min()

    x = np.random.default_rng(5).normal(size=(60, 20))
    got = da.apply_gufunc(spread, "(n)->()", da.from_array(x, chunks=(15, 20)), output_dtypes=float).compute()
    np.testing.assert_array_equal(got, np.ptp(x, axis=1))


def test_ten_thousand_tasks_are_compiled_once_a_node(tmp_path):
    """The workers of a machine share what is on its disk."""
    @njit(parallel=True)
    def norm(x, scale):
        return np.sqrt((scale * x * x).sum())

    def count(_):
        import metate

        return metate.cache.counts()

    environment = {"METATE_CACHE": "1", "METATE_CACHE_DIR": str(tmp_path / "cache"), "METATE_NUM_THREADS": "1"}
    with distributed.LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, env=environment,
                                  local_directory=str(tmp_path / "dask")) as cluster:
        with distributed.Client(cluster) as client:
            tasks = client.map(lambda value: norm(np.full(4, float(value)), 4.0), range(10_000), batch_size=500)
            assert client.gather(tasks) == [4.0 * value for value in range(10_000)]
            counts = client.run(count, None).values()
    worked = [each for each in counts if each["hits"] + each["misses"]]
    assert len(worked) == 3
    assert sum(each["misses"] for each in worked) == 1 and sum(each["hits"] for each in worked) == 2, counts
