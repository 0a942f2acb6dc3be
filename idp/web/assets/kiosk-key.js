// Where the device keeps its key: IndexedDB holds the key itself, which cannot be read out, only used.
const open = () => new Promise((done, failed) => {
  const request = indexedDB.open('pass-kiosk', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('keys');
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

const ask = async (mode, make) => {
  const store = (await open()).transaction('keys', mode).objectStore('keys');
  return new Promise((done, failed) => {
    const request = make(store);
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
};

export const keep = key => ask('readwrite', store => store.put(key, location.pathname));
export const kept = () => ask('readonly', store => store.get(location.pathname));
